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
# # Image and video captioning
#
# A captioner encodes an image as region features and attends to them while it generates a caption. Here it learns
# images of one coloured shape in a minute or less. In the terminal: `zoo train captioning`, and `zoo train video` for
# clips.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp())
run = zoo.train("captioning", out=folder / "captioning", settings=zoo.Settings(quick=True, verbose=0))
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %% [markdown]
# `attention_mass` is the share of attention on the named shape while its colour and shape are emitted; `uniform_mass`
# is that of uniform attention.
#
# ## Attention for each word
#
# The first panel is the image with its reference caption; the others are lit by the attention for the word above.

# %%
from zoo.data.synthetic import scenes
from zoo.plots.captions import plot_captions

size = run.vocabularies["picture"].height
test_scenes = scenes.generate(4, size=size, shapes=1, seed=99)
hypotheses = [best for (best,) in run.generate([scene["picture"] for scene in test_scenes], minimum_length=3)]
grid = run.model.reading.encoder.grid
shown = [
    (scene["picture"], best.tokens, best.alignment[: len(best.tokens)], grid)
    for scene, best in zip(test_scenes, hypotheses, strict=True)
]
plot_captions(shown, folder / "captions.png", titles=[scene["target"] for scene in test_scenes])
Image(folder / "captions.png")

# %% [markdown]
# ## Image files
#
# The featurizer is saved with the run, so a path is enough. Images of another size are resized with a warning.

# %%
from zoo.data.readers import pictures

pictures.write(folder / "scene.png", test_scenes[0]["picture"])
print(run.generate([str(folder / "scene.png")])[0][0].text)

# %% [markdown]
# ## Video clips
#
# Frames are encoded as vectors, a recurrent stack reads them, and attention aligns words with frames. The shape below
# moves in one direction and then in another.

# %%
clips_run = zoo.train("video", out=folder / "video", settings=zoo.Settings(quick=True, verbose=0))
{name: round(value, 3) for name, value in clips_run.metrics["test"].items()}

# %%
from zoo.data.synthetic import clips
from zoo.plots.captions import plot_clips

films = clips.generate(2, size=clips_run.vocabularies["source"].height, turns=1, seed=99)
captions = [best for (best,) in clips_run.generate([clip["frames"] for clip in films], minimum_length=3)]
strips = [
    (clip["frames"], best.tokens, best.alignment[: len(best.tokens)])
    for clip, best in zip(films, captions, strict=True)
]
plot_clips(strips, folder / "clips.png", titles=[clip["target"] for clip in films])
Image(folder / "clips.png")

# %% [markdown]
# This run is small; `RESULTS.md` has the figures of complete ones.
