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
# # Language models: generating and scoring text
#
# A language model is a distribution over the next token, so it can generate text and score given text. Here it models
# the characters of a generated text; the notebook runs offline, in about a minute on two cores.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import zoo

# %% [markdown]
# ## Train
#
# The recipe cuts one long text into parallel streams and reads them in segments; the state of each stream is carried
# over (truncated back-propagation through time). In the terminal: `zoo train language_model --quick`.

# %%
folder = Path(tempfile.mkdtemp()) / "prose"
run = zoo.train("language_model", out=folder, settings=zoo.Settings(quick=True, verbose=0))
for part in ("baseline", "test"):
    print(part, {name: round(value, 3) for name, value in run.metrics[part].items()})

# %% [markdown]
# ## Generate
#
# Sampling draws each character from the model's distribution. A low temperature sharpens it, a high one flattens it;
# `top_p` truncates the tail. The same seed generates the same text.

# %%
for temperature in (0.3, 0.8, 1.3):
    ((sample,),) = run.generate(["the "], decoder="sampling", temperature=temperature, maximum_length=90, seed=1)
    print(f"temperature {temperature}: {sample.text!r}")

# %% [markdown]
# Characters can be streamed as they are drawn:

# %%
for piece in zoo.stream(run, "a ", maximum_length=60, temperature=0.7, seed=2):
    print(piece, end="")

# %% [markdown]
# ## Score
#
# `zoo.score` returns the log-probability of a text and of each of its characters. Shuffled letters are far less
# probable than text like the training data.

# %%
text = run.generate(["the "], decoder="greedy", maximum_length=50)[0][0].text
shuffled = "".join(np.random.default_rng(0).permutation(list(text)))
for candidate, score in zip((text, shuffled), zoo.score(run, [text, shuffled]), strict=True):
    print(f"perplexity {score.perplexity:8.2f}   {candidate!r}")

# %% [markdown]
# The log-probability of each character locates an error in the middle of a text:

# %%
broken = text[:20] + "qxz" + text[20:]
(score,) = zoo.score(run, [broken])
figure, axes = plt.subplots(figsize=(10, 2), layout="constrained")
axes.bar(range(len(broken) + 1), -score.token_log_probabilities, color="tab:blue")
axes.set_xticks(range(len(broken) + 1), [*broken.replace(" ", "·"), "end"], fontfamily="monospace")
axes.set_ylabel("nats")
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# ## The same model for words and for music
#
# `zoo.build("language_model", vocabulary_size=...)` takes any tokens and any cell; with `features=88` it models binary
# frames, which is how the recipe `music` generates chorales. All autoregressive models have the same interface:
# `encode`, `start`, `step`, and a `distribution` that defines the meaning of the scores.

# %%
chords = zoo.build("language_model", features=88, cell="gru", units=32, layers=1)
roll = chords.predict_on_batch({"target": np.zeros((1, 4, 88), "float32")})["scores"]
print(roll.shape, chords.distribution)
((drawn,),) = zoo.generate(chords, 1, decoder="sampling", maximum_length=8, seed=0)
print(drawn.tokens.shape, keras.ops.convert_to_numpy(drawn.tokens.sum(axis=1)))
