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
# # Copying: words that no vocabulary holds
#
# A name that was never seen in training has no place in a vocabulary, and a model that only has one writes
# `<unknown>` for it. A pointer-generator decides at every step whether to say a word of its vocabulary or to copy the
# word that attention looks at. Here it learns rules whose slots hold invented words, other ones in every example; from
# the terminal: `zoo train copying`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

from zoo.experiments.run import train
from zoo.experiments.settings import Settings

folder = Path(tempfile.mkdtemp()) / "copying"
run = train("copying", out=folder, settings=Settings(quick=True, verbose=0))
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %% [markdown]
# ## What it says

# %%
from zoo.data.synthetic import rules

examples = rules.generate(5, rules=10, seed=99)
for example, (best,) in zip(examples, run.generate([one["source"] for one in examples]), strict=True):
    print(f"{example['source']}\n    wanted  {example['target']}\n    said    {best.text}")

# %% [markdown]
# ## Where the words come from
#
# The copy gate is the probability that a word was copied. Underlined words are in no vocabulary.

# %%
from zoo.plots.copy_gate import plot_copy_gates

vocabulary = run.vocabularies["target"]
found = [best for (best,) in run.generate([one["source"] for one in examples]) if best.tokens]
shown = [
    (best.tokens, best.trace["copy_gate"][: len(best.tokens)], [token in vocabulary for token in best.tokens])
    for best in found
]
plot_copy_gates(shown, folder / "gates.png")
Image(folder / "gates.png")

# %% [markdown]
# Where it looked, word by word:

# %%
from zoo.plots.alignments import plot_alignments

plot_alignments(
    [(best.alignment[: len(best.tokens)], best.source, best.tokens) for best in found[:3]], folder / "alignments.png"
)
Image(folder / "alignments.png")

# %% [markdown]
# ## The vocabulary and what a source adds to it
#
# Ids below `len(vocabulary)` are the same for all sources; behind them each source lends ids to its own words.

# %%
extended = vocabulary.for_source(examples[0]["source"].split())
print(len(vocabulary), extended.added)
print(extended.encode(examples[0]["target"]))
