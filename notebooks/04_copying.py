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
# # Copying out-of-vocabulary words
#
# A name that does not occur in training is in no vocabulary, and a model with a fixed vocabulary emits `<unknown>` for
# it. A pointer-generator network decides at every step between a word of its vocabulary and a copy of a source word,
# by its attention. Here it learns rules whose slots hold invented words, different ones in every example. In the
# terminal: `zoo train copying`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp()) / "copying"
run = zoo.train("copying", out=folder, settings=zoo.Settings(quick=True, verbose=0))
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %% [markdown]
# ## Outputs

# %%
from zoo.data.synthetic import rules

examples = rules.generate(5, rules=10, seed=99)
for example, (best,) in zip(examples, run.generate([one["source"] for one in examples]), strict=True):
    print(f"{example['source']}\n    target  {example['target']}\n    output  {best.text}")

# %% [markdown]
# ## Copied words
#
# The copy gate is the probability of copying. Underlined words are out of vocabulary.

# %%
from zoo.plots.copy_gate import plot_copy_gates

vocabulary = run.vocabularies["target"]
hypotheses = [best for (best,) in run.generate([one["source"] for one in examples]) if best.tokens]
shown = [
    (best.tokens, best.trace["copy_gate"][: len(best.tokens)], [token in vocabulary for token in best.tokens])
    for best in hypotheses
]
plot_copy_gates(shown, folder / "gates.png")
Image(folder / "gates.png")

# %% [markdown]
# The attention for each output word:

# %%
from zoo.plots.alignments import plot_alignments

plot_alignments(
    [(best.alignment[: len(best.tokens)], best.source, best.tokens) for best in hypotheses[:3]],
    folder / "alignments.png",
)
Image(folder / "alignments.png")

# %% [markdown]
# ## The extended vocabulary
#
# Ids below `len(vocabulary)` are the same for all sources; each source adds ids for its own out-of-vocabulary words.

# %%
extended = vocabulary.for_source(examples[0]["source"].split())
print(len(vocabulary), extended.added)
print(extended.encode(examples[0]["target"]))
