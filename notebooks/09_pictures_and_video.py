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
# # Pictures and video: what is seen, said in words
#
# A captioner turns a picture into the features of its regions and looks at them, word by word, while it writes. Here it
# learns pictures of one coloured shape in a minute or less; from the terminal: `zoo train captioning`, and for clips
# `zoo train video`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

from IPython.display import Image

from zoo.experiments.run import train
from zoo.experiments.settings import Settings

folder = Path(tempfile.mkdtemp())
run = train("captioning", out=folder / "captioning", settings=Settings(quick=True, verbose=0))
{name: round(value, 3) for name, value in run.metrics["test"].items()}

# %% [markdown]
# `attention_mass` is the share of the attention that lies on the named shape while its colour and shape are said;
# `uniform_mass` what it would be if all regions were looked at alike.
#
# ## Where it looks for each word
#
# The first panel is the picture, under its true caption; in the others the light falls where the model looked for the
# word above.

# %%
from zoo.data.synthetic import scenes
from zoo.plots.captions import plot_captions

size = run.vocabularies["picture"].height
seen = scenes.generate(4, size=size, shapes=1, seed=99)
found = [best for (best,) in run.generate([scene["picture"] for scene in seen], minimum_length=3)]
grid = run.model.reading.encoder.grid
shown = [
    (scene["picture"], best.tokens, best.alignment[: len(best.tokens)], grid)
    for scene, best in zip(seen, found, strict=True)
]
plot_captions(shown, folder / "captions.png", titles=[scene["target"] for scene in seen])
Image(folder / "captions.png")

# %% [markdown]
# ## A file
#
# What makes numbers of a picture is kept with the run, so a path is enough. Another size is resized, and said.

# %%
from zoo.data.readers import pictures

pictures.write(folder / "scene.png", seen[0]["picture"])
print(run.generate([str(folder / "scene.png")])[0][0].text)

# %% [markdown]
# ## Clips
#
# Frames become vectors, a recurrent stack reads them, and attention finds the frame in which something happened. The
# shape below moves in one direction and then in another.

# %%
clips_run = train("video", out=folder / "video", settings=Settings(quick=True, verbose=0))
{name: round(value, 3) for name, value in clips_run.metrics["test"].items()}

# %%
from zoo.data.synthetic import clips
from zoo.plots.captions import plot_clips

films = clips.generate(2, size=clips_run.vocabularies["source"].height, turns=1, seed=99)
said = [best for (best,) in clips_run.generate([clip["frames"] for clip in films], minimum_length=3)]
strips = [
    (clip["frames"], best.tokens, best.alignment[: len(best.tokens)]) for clip, best in zip(films, said, strict=True)
]
plot_clips(strips, folder / "clips.png", titles=[clip["target"] for clip in films])
Image(folder / "clips.png")

# %% [markdown]
# So small a run has seen little; the figures of whole ones are in `RESULTS.md`.
