"""Text and arrays in, text out: predict, generate, score, export, and the runs that are loaded for it."""
