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

# # Trees: what a phrase means, from what its parts mean
#
# A recursive network makes the vector of a phrase from those of its two halves, from the words up to the sentence, and
# says something about every one of them. Here the trees are expressions whose value is asked; with
# `zoo train tree_sentiment --data sst_trees` they are sentences, and the question is how good the film was.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp()) / "trees"
run = zoo.train("tree_sentiment", out=folder, settings=zoo.Settings(quick=True, verbose=0), task="logic")
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %%
Image(folder / "trees.png")

# %% [markdown]
# ## Predict a tree
#
# A tree is a bracketed text in the format of treebanks; a sentence without brackets gets a balanced tree.

# %%
from zoo.data.synthetic import expressions
from zoo.plots.trees import text_tree

tree = expressions.generate(1, task="logic", seed=5)[0]
(prediction,) = run.predict([tree.brackets()])
print(prediction.trace)

# %%
from zoo.data.trees import parse

print(text_tree(parse(prediction.trace), labels=run.vocabularies["labels"].names, colour=False))

# %% [markdown]
# ## Trees as arrays
#
# All trees of a batch, of any shapes, are computed in one loop: in every round 32 lanes compute nodes whose children
# are ready, the deepest first.

# %%
from zoo.data.batches.trees import TreeBatches

trees = expressions.generate(64, task="logic", seed=6)
batches = TreeBatches(trees, run.vocabularies["tokens"], batch_size=32)
(inputs,) = batches[1]
print(sum(len(tree.nodes()) for tree in trees[32:]), "nodes of 32 trees")
{name: array.shape for name, array in inputs.items()}

# %% [markdown]
# ## Composition functions
#
# One matrix, a matrix for every word, a tensor, or an LSTM with a forget gate for every child:

# %%
for composition in ("matrix", "matrix_vector", "tensor", "tree_lstm", "child_sum_tree_lstm"):
    model = zoo.build("recursive_tree", vocabulary_size=100, outputs=2, composition=composition, units=20)
    print(f"{composition:<20}{model.count_params():>8,} parameters")
