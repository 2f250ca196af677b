"""What stands around `fit`."""
