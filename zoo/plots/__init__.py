"""What a person wants to look at. Each function draws into a file, with matplotlib, which only these files import."""
