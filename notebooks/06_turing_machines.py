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

# # Neural Turing Machines
#
# A Neural Turing Machine is a recurrent network with an external memory. Its heads address the memory softly: by
# content, by their previous position, and by shifts. It learns an algorithm, copying, which generalises to longer
# sequences. Here it trains for seconds on sequences of at most three vectors; `zoo train algorithms` uses the lengths
# of the paper.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import numpy as np
from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp()) / "copy"
run = zoo.train(
    "algorithms", out=folder, settings=zoo.Settings(quick=True, epochs=10, verbose=0), largest=3, learning_rate=1e-2
)
{name: round(value, 2) for name, value in run.metrics["test"].items()}

# %% [markdown]
# `bits` is the cost of a sequence, `guess` the cost of guessing. Size 6 did not occur in training.
#
# ## Memory access
#
# Time runs to the right. The write head writes each vector to a slot; after the delimiter the read head visits the
# same slots again.

# %%
Image(folder / "tape.png")

# %% [markdown]
# ## Trace of another sequence

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
# Any cell can be the controller; `addressing="content"` restricts the heads to content-based addressing.

# %%
model = zoo.build("turing_machine", features=9, outputs=8, controller="lstm", read_heads=2, write_heads=2, slots=64)
print(model.count_params())
zoo.build("graves_2014_content", features=9, outputs=8).count_params()
