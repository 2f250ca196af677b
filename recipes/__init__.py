"""Where data, model and training meet: one task of the literature a file, run from Python or by `zoo train NAME`."""

from importlib.metadata import entry_points

# name -> module, as installed packages declare them; a listing imports none of them, nor Keras.
RECIPES = {entry.name: entry.value for entry in entry_points(group="zoo.recipes")}
