"""From examples to batches of a few fixed shapes."""
