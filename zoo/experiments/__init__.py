"""One training, from a recipe and its arguments to the folder of a run."""
