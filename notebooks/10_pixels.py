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
# # Autoregressive image models
#
# A model of an image pixel by pixel computes its exact likelihood, generates new images and completes a given half.
# Here it learns small patterns. In the terminal: `zoo train pixels --data mnist_t10k`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp()) / "pixels"
run = zoo.train("pixels", out=folder, settings=zoo.Settings(quick=True, verbose=0))
{part: {name: round(value, 1) for name, value in run.metrics[part].items()} for part in ("test", "baseline")}

# %% [markdown]
# Nats are per image. The baseline models every pixel independently.
#
# ## Samples and completions
#
# Each row starts with the upper half of a test image; the model completes it four times.

# %%
Image(folder / "samples.png")

# %%
Image(folder / "completions.png")

# %% [markdown]
# ## Receptive fields
#
# Every pixel is flipped in turn; white marks those that change the score of the pixel in the middle. No model reads
# that pixel itself or later ones; a row LSTM reads a triangle above it, a diagonal BiLSTM all previous pixels.

# %%
import numpy as np

from zoo.plots.pictures import plot_pictures

side, middle = 9, 40
picture = np.random.default_rng(0).integers(0, 2, side * side)
flipped = np.abs(np.concatenate([np.zeros((1, side * side)), np.eye(side * side)]) - picture)  # none, then each in turn
fed = np.concatenate([np.zeros((len(flipped), 1)), flipped[:, :-1]], axis=1)[..., None].astype("float32")
fields = []
for name in ("raster_lstm", "row_lstm", "diagonal_bilstm"):
    model = zoo.build(name, picture_shape=(side, side), units=32, layers=1, kernel=1)
    scores = np.asarray(model({"target": fed})["scores"])[:, middle, 0]
    fields.append((scores[1:] != scores[0]).reshape(side, side))
plot_pictures(np.array([fields]), folder / "seen.png", titles=["raster", "row", "diagonal"])
Image(folder / "seen.png")

# %% [markdown]
# ## Your own prefix
#
# A prefix is a sequence of pixels in raster order; decoders complete the image.

# %%
stripe = np.zeros((12, 12), "float32")
stripe[1:3] = 1
prefixes = [stripe[:5].reshape(-1, 1)] * 6
hypotheses = run.generate(prefixes, decoder="sampling", temperature=0.7, seed=0)
drawn = np.stack([best.tokens.reshape(12, 12) for (best,) in hypotheses])
plot_pictures(drawn[None], folder / "stripes.png", observed=np.full((1, 6), 60))
Image(folder / "stripes.png")
