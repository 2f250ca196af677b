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
# # Transformers
#
# A Transformer has no recurrent state: every step attends to all steps that its mask allows. Here it replaces the
# recurrent model of a recipe, with the same data, decoders and metrics. In the terminal: `zoo train reverse --model
# transformer`, and the same for `commands`, `translation`, `pronunciation`, `language_model`, `sentiment`,
# `questions`, `surnames`, `tagging`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import numpy as np
from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp()) / "reverse"
settings = zoo.Settings(quick=True, epochs=7, verbose=0)
run = zoo.train("reverse", out=folder, settings=settings, model="transformer")
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %% [markdown]
# ## Outputs and alignments
#
# Reversed strings. The alignment is the cross-attention of the last block, averaged over its heads: from the end to
# the beginning.

# %%
from zoo.data.synthetic import reversal
from zoo.plots.alignments import plot_alignments

strings = [example["source"] for example in reversal.generate(3, length=5, minimum_length=4, seed=99)]
hypotheses = [best for (best,) in run.generate(strings)]
for string, best in zip(strings, hypotheses, strict=True):
    print(f"{string} -> {best.text}")
shown = [(best.alignment[: len(best.tokens)], best.source, best.tokens) for best in hypotheses]
plot_alignments(shown, folder / "alignments.png")
Image(folder / "alignments.png")

# %% [markdown]
# Beam search and sampling work as with every autoregressive model:

# %%
(outputs,) = run.generate(strings[:1], decoder="beam_search", beam_width=4, n_best=3)
for output in outputs:
    print(f"{output.score:8.3f}  {output.text}")
(outputs,) = run.generate(strings[:1], decoder="sampling", temperature=1.5, samples=3, seed=0)
print([output.text for output in outputs])

# %% [markdown]
# ## Key-value cache
#
# In training all steps are computed at once. In decoding the model computes one step after another and caches the keys
# and values of previous steps. Both give the same scores, and no step depends on later ones:

# %%
from keras import ops

ids = run.vocabularies["source"].encode(strings[0])
source = np.array([ids], "int32")
target = np.array([[2, *ids[::-1]]], "int32")  # START, then the tokens so far
inputs = {"source": ops.convert_to_tensor(source), "target": ops.convert_to_tensor(target)}
at_once = ops.convert_to_numpy(run.model(inputs)["scores"])[0]

context = run.model.encode(inputs)
state = run.model.start(context, target.shape[1])
for step in range(target.shape[1]):
    scores, state, trace = run.model.step(inputs["target"][:, step], state, context)
    print(f"step {step}: off by {np.abs(ops.convert_to_numpy(scores)[0] - at_once[step]).max():.1e}")

other = np.array([[2, *ids[::-1][:2], *ids[:-2]]], "int32")  # another future from the third letter on
changed = ops.convert_to_numpy(run.model({"source": source, "target": other})["scores"])[0]
np.abs(changed - at_once).max(axis=-1)

# %% [markdown]
# ## Sinusoidal positional encoding
#
# Positions are encoded by waves of increasing periods, without a maximum length. Two positions are the more similar,
# the nearer they are:

# %%
from zoo.ops.sinusoidal import sinusoidal

places = ops.convert_to_numpy(sinusoidal(ops.arange(16), 64))
alike = places @ places.T / 32
numbers = [str(place) for place in range(16)]
plot_alignments([(alike, numbers, numbers)], folder / "places.png")
Image(folder / "places.png")

# %% [markdown]
# ## Models and presets

# %%
for name, sizes in (
    ("transformer_encoder", {"vocabulary_size": 1000, "outputs": 2}),
    ("transformer_decoder", {"vocabulary_size": 1000}),
    ("transformer", {"source_vocabulary_size": 1000, "target_vocabulary_size": 1000}),
):
    print(f"{zoo.build(name, **sizes).count_params():9,}  {name}")
{name: line for name, line in zoo.list_models().items() if "transformer" in name or name.startswith("vaswani")}
