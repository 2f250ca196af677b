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
# # Speech: what is said, and when
#
# A sound is turned into frames, how loud each band of frequencies is every few milliseconds. A transcript is much
# shorter than that, and nobody says where its words begin. Two ways to learn it all the same: connectionist temporal
# classification (CTC), which adds up all the ways to lay a transcript over the frames, and a speller that looks back at
# what it heard by attention (Listen, Attend and Spell). Here voices are generated; on recordings, from the terminal:
# `zoo train speech --task ctc --data free_spoken_digits`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

from zoo.experiments.run import train
from zoo.experiments.settings import Settings

folder = Path(tempfile.mkdtemp())
heard = train("speech", out=folder / "ctc", settings=Settings(quick=True, verbose=0), task="ctc")
{name: round(value, 3) for name, value in heard.metrics["test"].items()}

# %% [markdown]
# ## A sound as frames
#
# What makes frames of sounds is kept with the run, so a run takes WAV files as they are.

# %%
from zoo.data.readers import wav
from zoo.data.synthetic import speech as voices
from zoo.data.synthetic.spoken_strings import speak

(string,) = speak(voices.generate(3, seed=0), ["407"], seed=1)
wav.write(folder / "four_zero_seven.wav", *string.sound)
sound = heard.vocabularies["frames"]
sound, sound.encode(str(folder / "four_zero_seven.wav")).shape

# %%
(found,) = heard.predict([str(folder / "four_zero_seven.wav")])
found.output, {text: round(share, 4) for text, share in found.probabilities.items()}

# %% [markdown]
# ## When each word was heard
#
# CTC says nothing (the blank) until it is sure, and then each word for a step or two.

# %%
from zoo.recipes.common.speech_pictures import plot_posteriors

plot_posteriors(heard.model, [string.sound], heard.vocabularies, folder / "labels.png", ["four zero seven"])
Image(folder / "labels.png")

# %% [markdown]
# ## Language helps ears
#
# A language model of transcripts alone knows which digits follow each other where somebody counts: the next one, the
# one before, or the double. It ranks anew what the recogniser, which was trained on any strings, thinks it heard.

# %%
from zoo.recipes.common.speech_rescoring import rescore

written = train(
    "speech",
    out=folder / "text",
    settings=Settings(quick=True, verbose=0),
    task="text",
    grammar="counting",
    examples=3000,
)
figures = rescore(heard.folder, written.folder, grammar="counting")
