"""The command `zoo`, one command a file."""
