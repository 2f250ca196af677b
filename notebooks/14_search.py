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
# # Search: what to train with, found by trying
#
# Every recipe says in `space(hp)` which of its arguments are worth trying. `zoo.tune` tries them in processes beside
# this notebook, which are renewed every few trials, and trains the best anew. From the terminal it is `zoo tune
# reverse --trials 12 --out runs/search`, and `--resume` after whatever happened.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import inspect
import json
import tempfile
from pathlib import Path

from IPython.display import Image

import zoo
from zoo.recipes import reverse

print(inspect.getsource(reverse.space))

# %% [markdown]
# ## A search
#
# What is given is the same in all trials and not searched: here the width, and the number of examples. Every trial
# trains for three epochs; its score is the share of validation strings that are written backwards without a mistake.

# %%
folder = Path(tempfile.mkdtemp()) / "search"
found = zoo.tune(reverse, out=folder, trials=5, quick=True, epochs=3, examples=1500, units=64, verbose=0)
for row in found.table:
    print({name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()})

# %% [markdown]
# ## Reading the table
#
# The same rows are in `trials.csv`. The picture shows the scores in their order, and against each thing that was
# varied: a column of points that lie high together is a choice that matters; points that lie everywhere say that it
# does not.

# %%
Image(folder / "search.png")

# %% [markdown]
# Every epoch of every trial is in `trials.jsonl`, one JSON object a line: so one sees who was still learning when
# time ran out.

# %%
epochs = [json.loads(line) for line in (folder / "trials.jsonl").read_text().splitlines()]
for number in range(len(found.trials)):
    print(number, [round(row["val_exact"], 3) for row in epochs if row["trial"] == number])

# %% [markdown]
# ## Going on
#
# An ended search goes on with more trials, a killed one from where it was: the ones there are are read and not run
# again. With the same seed the sixth trial is what it would have been in a search of six.

# %%
longer = zoo.tune(reverse, out=folder, trials=6, resume=True, verbose=0)
len(longer.table), longer.best.number, round(longer.best.score, 4)

# %% [markdown]
# ## Keeping the best
#
# The best is trained anew, with the same seed and so to the same score, and lies in a run folder as any other. `zoo
# generate FOLDER/best` takes it.

# %%
print(json.loads((folder / "best.json").read_text())["values"])
[(hypotheses[0].text, round(hypotheses[0].score, 2)) for hypotheses in longer.run.generate(["lemon", "straw"])]

# %% [markdown]
# ## A space of one's own, and other searchers
#
# A space is a function of keras-tuner's `HyperParameters` that returns arguments of the recipe. Grid tries every
# combination; `bayesian` and `hyperband` learn from the trials before.


# %%
def cells(hp):
    return {"cell": hp.Choice("cell", ["lstm", "gru", "elman"])}


compared = zoo.tune(
    reverse,
    out=folder.with_name("cells"),
    tuner="grid",
    space=cells,
    quick=True,
    epochs=2,
    examples=1500,
    verbose=0,
)
{row["cell"]: round(row["score"], 4) for row in compared.table}
