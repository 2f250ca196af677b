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

# # Memory networks: asking a story
#
# A memory network keeps every sentence of a story, and answers a question by looking them up: once, twice, three times,
# each time with what it has found so far. Here it learns a small generated world; from the terminal
# `zoo train question_answering`, and with `--data babi_en_1k.tar.gz` the bAbI tasks.

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

folder = Path(tempfile.mkdtemp()) / "qa"
run = train("question_answering", out=folder, settings=Settings(quick=True, verbose=0), tasks="1,2", examples=4000)
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %% [markdown]
# Task 1 asks where a person is, which one sentence tells; task 2 where a thing is, which takes two.
#
# ## Where it looks
#
# Orange bars mark the sentences that tell the answer. Each column is a hop.

# %%
Image(folder / "hops.png")

# %% [markdown]
# ## Your own story
#
# Any story of words that it knows, with the question last. `trace` holds the hops.

# %%
story = run.vocabularies["tokens"].tokens
print(" ".join(story[4:60]))

# %%
from zoo.data.synthetic import world
from zoo.plots.hops import text_hops

example = world.generate(1, tasks=(1,), lengths=(5, 5), seed=123)[0]
(said,) = run.predict([" ".join([*example["story"], example["question"]])])
print(example["question"], said.output, round(said.probability, 3), "- in truth:", example["answer"])
print(text_hops(said.trace["story"], np.array(said.trace["hops"])))

# %% [markdown]
# ## The model by itself
#
# Tying, encoding, ages, noise and linear start are plain arguments.

# %%
model = zoo.build("memory_network", vocabulary_size=50, units=20, hops=2, tying="layer_wise", encoding="bag")
inputs = {"story": np.array([[[5, 6, 7], [8, 9, 0]]], "int32"), "question": np.array([[5, 0, 0]], "int32")}
print(model.predict(inputs, verbose=0).shape)

# %%
zoo.describe("memory_network")
