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
# An encoder reads a sentence, a decoder generates its translation, and attention aligns the two. The two languages are
# generated; they differ in words, word order and agreement, so that the alignments can be checked by eye. The notebook
# runs offline, in about two minutes on two cores. In the terminal: `zoo train translation --quick`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp()) / "translation"
run = zoo.train("translation", out=folder, settings=zoo.Settings(quick=True, verbose=0))
print({name: round(value, 3) for name, value in run.metrics["test"].items()})

# %% [markdown]
# ## Translate
#
# Greedy decoding takes the most probable word at every step; beam search keeps several hypotheses and returns the n
# best with their scores.

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
# ## Alignments
#
# Every hypothesis has its alignment: a row for each output word, a column for each source word. Beam search returns it
# as well, along the path of the best beams.

# %%
from zoo.plots.alignments import plot_alignments

hypotheses = run.generate(sentences[:3], decoder="beam_search")
shown = [(best.alignment[: len(best.tokens)], best.source, best.tokens) for (best,) in hypotheses]
plot_alignments(shown, folder / "alignments.png")
Image(folder / "alignments.png")

# %% [markdown]
# ## The search tree
#
# The beams of every step with their log-probabilities; the path of the best hypothesis is highlighted.

# %%
from zoo.plots.beam import Branch, plot_beam

tree = zoo.search_tree(run, sentences[:1], beam_width=3)
plot_beam([[Branch(*branch) for branch in step] for step in tree], folder / "beam.png")
Image(folder / "beam.png")

# %% [markdown]
# ## Constraints
#
# A minimum length, banned tokens, no repeated n-grams, a forced prefix. Contradictory constraints raise an error.

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
# ## Attention variants
#
# Any attention score by name, before the recurrent step (Bahdanau) or after it (Luong, with or without input feeding);
# or no attention, with one vector that summarises the source.

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
# ## Export
#
# `zoo.export(run, folder)` writes a SavedModel that contains the whole search; a process with TensorFlow alone loads
# it and returns the same n best. `format="onnx"` writes the encoder and the step. Export uses TensorFlow; a run that
# was trained on JAX is exported by a process with `KERAS_BACKEND=tensorflow`.
