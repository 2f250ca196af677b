"""Search jobs: keras-tuner proposes, worker processes try, a journal keeps what was found. See `search.py`.

A trial is `run(values, ...) -> dict`, a function that worker processes import by its name; this package knows recipes
only as such functions.
"""
