# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Pixels: a picture as a sequence
#
# A model that says a picture pixel by pixel, row after row, knows how likely every picture is, can draw new ones and
# can go on with a half. Here small patterns; from the terminal: `zoo train pixels --data mnist_t10k`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

from zoo.experiments.run import train
from zoo.experiments.settings import Settings

folder = Path(tempfile.mkdtemp()) / "pixels"
run = train("pixels", out=folder, settings=Settings(quick=True, verbose=0))
{part: {name: round(value, 1) for name, value in run.metrics[part].items()} for part in ("test", "baseline")}

# %% [markdown]
# Nats are of a whole picture. The baseline knows of every pixel alone how often it is white.
#
# ## New pictures, and halves that go on
#
# Each row begins with the upper half of a picture that the model has never seen; it draws the rest, four times.

# %%
Image(folder / "samples.png")

# %%
Image(folder / "completions.png")

# %% [markdown]
# ## What a pixel is said by
#
# Every pixel of a picture is flipped in turn, to see by which of them the score of the pixel in the middle moves
# (white: it does). No model reads that pixel itself or what is behind it; one row LSTM reads a triangle above it, one
# diagonal BiLSTM everything.

# %%
import numpy as np

import zoo
from zoo.plots.pictures import plot_pictures

side, middle = 9, 40
picture = np.random.default_rng(0).integers(0, 2, side * side)
flipped = np.abs(np.concatenate([np.zeros((1, side * side)), np.eye(side * side)]) - picture)  # none, then each in turn
fed = np.concatenate([np.zeros((len(flipped), 1)), flipped[:, :-1]], axis=1)[..., None].astype("float32")
seen = []
for name in ("raster_lstm", "row_lstm", "diagonal_bilstm"):
    model = zoo.build(name, picture_shape=(side, side), units=32, layers=1, kernel=1)
    scores = np.asarray(model({"target": fed})["scores"])[:, middle, 0]
    seen.append((scores[1:] != scores[0]).reshape(side, side))
plot_pictures(np.array([seen]), folder / "seen.png", titles=["raster", "row", "diagonal"])
Image(folder / "seen.png")

# %% [markdown]
# ## Going on with a prefix of one's own
#
# A prefix is pixels in raster order; decoders go on to the end of the picture.

# %%
stripe = np.zeros((12, 12), "float32")
stripe[1:3] = 1
prefixes = [stripe[:5].reshape(-1, 1)] * 6
found = run.generate(prefixes, decoder="sampling", temperature=0.7, seed=0)
drawn = np.stack([best.tokens.reshape(12, 12) for (best,) in found])
plot_pictures(drawn[None], folder / "stripes.png", given=np.full((1, 6), 60))
Image(folder / "stripes.png")
