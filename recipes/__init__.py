"""Recipes: one task of the literature per file, run by `zoo train NAME` or `zoo.train(NAME, ...)`."""
