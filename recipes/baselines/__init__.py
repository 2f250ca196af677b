"""Baselines of the recipes' metrics: methods that a user would try first."""
