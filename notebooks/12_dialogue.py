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
# # Hierarchical dialogue models
#
# In generated dialogues between a guest and a restaurant, some answers depend on utterances several turns before. The
# model encodes the words of each utterance, then the sequence of utterances, and generates the next one; it trains for
# a minute or two. In the terminal: `zoo train dialogue`, then `zoo chat DIR`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp()) / "dialogue"
run = zoo.train("dialogue", out=folder, settings=zoo.Settings(quick=True, verbose=0), examples=1000)
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %% [markdown]
# ## Responses
#
# Names and locations are repeated correctly; orders are still wrong after such a short training.

# %%
from zoo.data.synthetic import topics

turns = topics.generate(1, seed=99)[0]
for number, utterance in enumerate(turns):
    print(f"{'guest' if number % 2 == 0 else 'house'}: {utterance}")

# %%
for place in range(1, len(turns), 2):
    ((best,),) = run.generate([turns[:place]])
    print(f"{turns[place - 1]:35} -> {best.text:45} (it was: {turns[place]})")

# %% [markdown]
# ## Attention over utterances
#
# The attention to each utterance, summed over its words, for every word of a response.

# %%
Image(folder / "alignments.png")

# %% [markdown]
# ## Inputs
#
# A history is a list of utterances, encoded as one row of words for each: the last utterances, and their first words.

# %%
known = run.vocabularies["source"]
ids = known.encode(["hello , i am ada .", "", "a cold soup , please ."])
print(ids.shape)
print(ids[:, :8])

# %% [markdown]
# ## Chat
#
# `zoo chat DIR` does this in the terminal; here the lines come from a list.

# %%
from zoo.cli.chat import talk

lines = ["hello , i am cora .", "a small cake , please .", "at the bar .", "who am i ?"]
for printed in talk(lambda history: run.generate([history])[0][0].text, iter(lines)):
    print(printed)
