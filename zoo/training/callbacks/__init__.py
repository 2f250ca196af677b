"""Callbacks around `fit`."""
