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
# # Attention and translation
#
# An encoder reads a sentence, a decoder writes another, and attention tells it where to look. Here between two
# generated languages that differ in words, order and agreement, so that the pictures can be checked by eye; it runs
# offline, in about two minutes on two cores. From the terminal: `zoo train translation --quick`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

import zoo
from zoo.experiments.run import train
from zoo.experiments.settings import Settings

folder = Path(tempfile.mkdtemp()) / "translation"
run = train("translation", out=folder, settings=Settings(quick=True, verbose=0))
print({name: round(value, 3) for name, value in run.metrics["test"].items()})

# %% [markdown]
# ## Text in, text out
#
# Greedy takes the likeliest word at every step; beam search keeps several hypotheses alive and gives the n best, each
# with its score.

# %%
from zoo.data.synthetic import translations

sentences = [pair["source"] for pair in translations.generate(4, seed=99)]
for sentence, (best,) in zip(sentences, run.generate(sentences), strict=True):
    print(f"{sentence}\n    {best.text}")

# %%
(outputs,) = run.generate(sentences[:1], decoder="beam_search", beam_width=4, n_best=4, length_penalty=0.6)
for output in outputs:
    print(f"{output.score:8.3f}  {output.text}")

# %% [markdown]
# ## Where it looked
#
# Every output brings its alignment: a row for each word that was written, a column for each word that was read. Beam
# search gives it, too, in the order of the beams that won.

# %%
from zoo.plots.alignments import plot_alignments

found = run.generate(sentences[:3], decoder="beam_search")
shown = [(best.alignment[: len(best.tokens)], best.source, best.tokens) for (best,) in found]
plot_alignments(shown, folder / "alignments.png")
Image(folder / "alignments.png")

# %% [markdown]
# ## The search as a tree
#
# What beam search kept at every step, with log-probabilities; the thick path won.

# %%
from zoo.plots.beam import Branch, plot_beam

tree = zoo.search_tree(run, sentences[:1], beam_width=3)
plot_beam([[Branch(*branch) for branch in step] for step in tree], folder / "beam.png")
Image(folder / "beam.png")

# %% [markdown]
# ## Rules for the output
#
# A minimum length, words never said, no repeated n-grams, a prefix that is given. What contradicts itself is
# refused.

# %%
first_word = outputs[0].tokens[0]
(other,) = run.generate(
    sentences[:1], decoder="beam_search", banned_tokens=[run.vocabularies["target"].tokens.index(first_word)]
)
print(f"without {first_word!r}: {other[0].text}")
try:
    banned = run.vocabularies["target"].tokens.index(first_word)
    run.generate(sentences[:1], prefixes=[first_word], banned_tokens=[banned])
except ValueError as error:
    print(error)

# %% [markdown]
# ## Six ways to match, two orders
#
# Any match function by name, in Bahdanau's order (look, then step) or Luong's (step, then look, with or without input
# feeding); or no attention at all, and one code for the whole sentence.

# %%
for arguments in (
    {"attention": "dot"},
    {"attention": "location", "attention_style": "bahdanau"},
    {"attention": "additive", "heads": 4},
    {"attention": "general", "input_feeding": True},
    {"attention": None, "conditioning": "every_step"},
):
    model = zoo.build("encoder_decoder", source_vocabulary_size=200, target_vocabulary_size=300, units=64, **arguments)
    print(f"{model.count_params():8,}  {arguments}")

# %% [markdown]
# ## Take it elsewhere
#
# `zoo.export(run, folder)` writes a SavedModel with the whole search inside; a process with TensorFlow alone loads it
# and gives the same n best. `format="onnx"` writes the encoder and the step. Export goes through TensorFlow; a run
# that was trained on JAX is exported by a process with `KERAS_BACKEND=tensorflow`.
