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
# # Speech recognition
#
# A sound becomes frames of a log-mel spectrogram. A transcript is much shorter and has no alignment with the frames.
# Two methods learn without one: connectionist temporal classification (CTC), which sums over all alignments, and an
# attention-based encoder-decoder (Listen, Attend and Spell). Here the voices are generated; with recordings, in the
# terminal: `zoo train speech --task ctc --data free_spoken_digits`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp())
recogniser = zoo.train("speech", out=folder / "ctc", settings=zoo.Settings(quick=True, verbose=0), task="ctc")
{name: round(value, 3) for name, value in recogniser.metrics["test"].items()}

# %% [markdown]
# ## Log-mel spectrogram
#
# The featurizer is saved with the run, so a run takes WAV files.

# %%
from zoo.data.readers import wav
from zoo.data.synthetic import speech as voices
from zoo.data.synthetic.spoken_strings import speak

(string,) = speak(voices.generate(3, seed=0), ["407"], seed=1)
wav.write(folder / "four_zero_seven.wav", *string.sound)
sound = recogniser.vocabularies["frames"]
sound, sound.encode(str(folder / "four_zero_seven.wav")).shape

# %%
(prediction,) = recogniser.predict([str(folder / "four_zero_seven.wav")])
prediction.output, {text: round(share, 4) for text, share in prediction.probabilities.items()}

# %% [markdown]
# ## CTC posteriors
#
# CTC emits the blank at most steps, and each word in a short peak.

# %%
from zoo.recipes.common.speech_plots import plot_posteriors

plot_posteriors(recogniser.model, [string.sound], recogniser.vocabularies, folder / "labels.png", ["four zero seven"])
Image(folder / "labels.png")

# %% [markdown]
# ## Rescoring with a language model
#
# A language model of transcripts models which digits follow each other when somebody counts: the next one, the
# previous one, or the double. It rescores the n-best lists of the recogniser, which was trained on arbitrary strings.

# %%
from zoo.recipes.common.speech_rescoring import rescore

language_model = zoo.train(
    "speech",
    out=folder / "text",
    settings=zoo.Settings(quick=True, verbose=0),
    task="text",
    grammar="counting",
    examples=3000,
)
figures = rescore(recogniser.folder, language_model.folder, grammar="counting")
