"""Base classes and shared parts of models."""
