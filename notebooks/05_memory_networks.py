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

# # End-to-end memory networks
#
# A memory network stores every sentence of a story and answers a question by attention over them in several hops. Here
# it learns a small generated world; in the terminal `zoo train question_answering`, and with `--data
# babi_en_1k.tar.gz` the bAbI tasks.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import numpy as np
from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp()) / "qa"
run = zoo.train(
    "question_answering", out=folder, settings=zoo.Settings(quick=True, verbose=0), tasks="1,2", examples=4000
)
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %% [markdown]
# Task 1 asks for the location of a person (one supporting sentence), task 2 for that of an object (two of them).
#
# ## Attention by hop
#
# Orange bars mark the supporting sentences. Each column is a hop.

# %%
Image(folder / "hops.png")

# %% [markdown]
# ## Your own story
#
# Any story of known words, with the question at the end. `trace` holds the attention of the hops.

# %%
story = run.vocabularies["tokens"].tokens
print(" ".join(story[4:60]))

# %%
from zoo.data.synthetic import world
from zoo.plots.hops import text_hops

example = world.generate(1, tasks=(1,), lengths=(5, 5), seed=123)[0]
(prediction,) = run.predict([" ".join([*example["story"], example["question"]])])
print(example["question"], prediction.output, round(prediction.probability, 3), "- expected:", example["answer"])
print(text_hops(prediction.trace["story"], np.array(prediction.trace["hops"])))

# %% [markdown]
# ## The model
#
# Weight tying, sentence encoding, temporal encoding, random noise and linear start are arguments.

# %%
model = zoo.build("memory_network", vocabulary_size=50, units=20, hops=2, tying="layer_wise", encoding="bag")
inputs = {"story": np.array([[[5, 6, 7], [8, 9, 0]]], "int32"), "question": np.array([[5, 0, 0]], "int32")}
print(model.predict(inputs, verbose=0).shape)

# %%
zoo.describe("memory_network")
