"""Metrics: of Keras models while they train, and of predictions in NumPy."""
