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

# # Neural Turing Machines: a tape that is learned
#
# A Turing machine of this kind is a network with an outer memory. Its heads choose softly where to read and write: by
# what stands there, by where they were, and by moving a place on. It learns to copy short sequences of bits, and
# because the memory is outside of it, what it has learned is an algorithm: it copies longer ones too. Here it has only
# seconds to learn sequences of at most three vectors; `zoo train algorithms` gives it the lengths of the paper.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import numpy as np
from IPython.display import Image

import zoo
from zoo.experiments.run import train
from zoo.experiments.settings import Settings

folder = Path(tempfile.mkdtemp()) / "copy"
run = train(
    "algorithms", out=folder, settings=Settings(quick=True, epochs=10, verbose=0), largest=3, learning_rate=1e-2
)
{name: round(value, 2) for name, value in run.metrics["test"].items()}

# %% [markdown]
# `bits` is what a sequence costs, `guess` what it costs who guesses. Size 6 was never trained on.
#
# ## The tape
#
# Time runs to the right. The write head leaves each vector at a place; after the delimiter the read head visits the
# places again.

# %%
Image(folder / "tape.png")

# %% [markdown]
# ## A tape of your own

# %%
from zoo.data.synthetic.algorithms import TASKS
from zoo.plots.tape import plot_tape
from zoo.recipes.algorithms import tape_of

inputs, targets, weights = TASKS["copy"].draw(5, 1, np.random.default_rng(7))
tape = tape_of(run.model, inputs)
plot_tape(tape | {"targets": targets[0]}, folder / "five.png", answer_steps=weights[0])
Image(folder / "five.png")

# %%
{name: values.shape for name, values in tape.items()}

# %% [markdown]
# ## Controllers and heads
#
# Any cell controls a machine; heads find their place by content alone if told so.

# %%
model = zoo.build("turing_machine", features=9, outputs=8, controller="lstm", read_heads=2, write_heads=2, slots=64)
print(model.count_params())
zoo.build("graves_2014_content", features=9, outputs=8).count_params()
