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
# # Hyperparameter search
#
# Every recipe defines its search space in `space(hp)`. `zoo.tune` runs the trials in worker processes, which are
# renewed every few trials, and retrains the best. In the terminal: `zoo tune reverse --trials 12 --out runs/search`,
# and `--resume` after an interruption.

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
# Arguments that are given are not searched: here the width and the number of examples. Every trial trains for three
# epochs; its score is the share of validation strings that are reversed without an error.

# %%
folder = Path(tempfile.mkdtemp()) / "search"
result = zoo.tune(reverse, out=folder, trials=5, quick=True, epochs=3, examples=1500, units=64, verbose=0)
for row in result.table:
    print({name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()})

# %% [markdown]
# ## Reading the table
#
# The same rows are in `trials.csv`. The figure shows the scores by trial and by the value of each hyperparameter:
# values whose points lie high together matter; hyperparameters with scattered points do not.

# %%
Image(folder / "search.png")

# %% [markdown]
# Every epoch of every trial is in `trials.jsonl`, one JSON object per line, which shows the trials that were still
# improving at the end.

# %%
epochs = [json.loads(line) for line in (folder / "trials.jsonl").read_text().splitlines()]
for number in range(len(result.trials)):
    print(number, [round(row["val_exact"], 3) for row in epochs if row["trial"] == number])

# %% [markdown]
# ## Resume
#
# A finished search continues with more trials, a killed one from where it was: trials that have finished are not run
# again. With the same seed the sixth trial is what it would have been in a search of six.

# %%
longer = zoo.tune(reverse, out=folder, trials=6, resume=True, verbose=0)
len(longer.table), longer.best.number, round(longer.best.score, 4)

# %% [markdown]
# ## The best run
#
# The best configuration is retrained with the same seed, and so to the same score, into a run folder like any other.
# In the terminal: `zoo generate FOLDER/best`.

# %%
print(json.loads((folder / "best.json").read_text())["values"])
[(hypotheses[0].text, round(hypotheses[0].score, 2)) for hypotheses in longer.run.generate(["lemon", "straw"])]

# %% [markdown]
# ## Your own space, and other tuners
#
# A space is a function of keras-tuner's `HyperParameters` that returns arguments of the recipe. Grid search tries
# every combination; `bayesian` and `hyperband` learn from previous trials.


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
