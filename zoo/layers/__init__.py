"""Weights on whole tensors, without a loop over time of their own."""

from zoo.layers.conditional_random_field import ConditionalRandomField, legal_transitions

__all__ = ["ConditionalRandomField", "legal_transitions"]
