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
# # Dialogue: words, utterances, and what has been said so far
#
# A guest and a house talk. Some answers were said several turns before, so the model reads the words of each utterance,
# then the utterances one after another, and writes the next one; it trains for a minute or two. From the terminal:
# `zoo train dialogue`, then `zoo chat DIR`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

from zoo.experiments.run import train
from zoo.experiments.settings import Settings

folder = Path(tempfile.mkdtemp()) / "dialogue"
run = train("dialogue", out=folder, settings=Settings(quick=True, verbose=0), examples=1000)
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %% [markdown]
# ## What is read and what is answered
#
# Names and places are said again as they were; what was ordered is still mistaken after so short a training.

# %%
from zoo.data.synthetic import topics

turns = topics.generate(1, seed=99)[0]
for number, said in enumerate(turns):
    print(f"{'guest' if number % 2 == 0 else 'house'}: {said}")

# %%
for place in range(1, len(turns), 2):
    ((best,),) = run.generate([turns[:place]])
    print(f"{turns[place - 1]:35} -> {best.text:45} (it was: {turns[place]})")

# %% [markdown]
# ## Where it looks
#
# How much each utterance is looked at for every word of an answer, its words together.

# %%
Image(folder / "alignments.png")

# %% [markdown]
# ## What the model takes
#
# A history is a list of utterances. It becomes one row of words for each: the last utterances, the first words.

# %%
known = run.vocabularies["source"]
ids = known.encode(["hello , i am ada .", "", "a cold soup , please ."])
print(ids.shape)
print(ids[:, :8])

# %% [markdown]
# ## A talk
#
# `zoo chat DIR` does this in the terminal; here the lines come from a list.

# %%
from zoo.cli.chat import talk

lines = ["hello , i am cora .", "a small cake , please .", "at the bar .", "who am i ?"]
for printed in talk(lambda history: run.generate([history])[0][0].text, iter(lines)):
    print(printed)
