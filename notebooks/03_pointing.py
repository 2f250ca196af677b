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
# # Pointing: answers made of the question
#
# A pointer network has no vocabulary. What it says are positions of its own input, so a model that was trained on six
# points can be asked about ten. Here it learns convex hulls, from points drawn anew for every batch, in half a minute;
# `zoo train convex_hull` is the same at full size.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import numpy as np
from IPython.display import Image

import zoo
from zoo.experiments.run import train
from zoo.experiments.settings import Settings

folder = Path(tempfile.mkdtemp()) / "hulls"
run = train("convex_hull", out=folder, settings=Settings(quick=True, verbose=0))
{name: round(value, 2) for name, value in run.metrics["test"].items()}

# %% [markdown]
# `exact` counts hulls that are right up to where they begin, `area` is the share of the true area, `invalid` the share
# of answers that are no simple polygon. The figures with `_8` are of eight points; training had five or six.
#
# ## Points in, positions out

# %%
points = np.array([[0.1, 0.2], [0.9, 0.1], [0.5, 0.5], [0.6, 0.9], [0.2, 0.7]], "float32")
((best,),) = run.generate([points])
print(best.tokens, best.score)
best.alignment.round(2)

# %% [markdown]
# A row of the alignment is a step, a column a point; what is missing to 1 is the probability of the end. Any decoder
# does: beam search gives the n best answers.

# %%
for output in run.generate([points], decoder="beam_search", beam_width=4, n_best=3)[0]:
    print(f"{output.score:8.3f}  {output.tokens}")

# %% [markdown]
# ## Larger than anything it saw

# %%
from zoo.data.synthetic import convex_hulls
from zoo.plots.polygons import plot_polygons

examples = convex_hulls.generate(3, points=(5, 5), seed=5) + convex_hulls.generate(3, points=(9, 9), seed=5)
found = run.generate([example["source"] for example in examples])
shown = [
    (example["source"], best.tokens, example["target"], best.alignment)
    for example, (best,) in zip(examples, found, strict=True)
]
plot_polygons(shown, folder / "answers.png")
Image(folder / "answers.png")

# %% [markdown]
# ## Without a teacher
#
# Round trips can be learned from their length alone. `SequenceLevel` draws tours from the model, has plain Python
# measure them, and makes those likelier that beat what the model would say greedily. Any function of outputs and
# examples is a reward. `visits="all"` lets the model go everywhere once, and nowhere twice.

# %%
from zoo.data.batches.on_the_fly import OnTheFlyBatches
from zoo.data.batches.teacher_forcing import teacher_forced_batches
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.training.objectives.sequence_level import SequenceLevel


def draw(size, random):
    examples = [{"source": points, "target": []} for points in random.random((64, size, 2), "float32")]
    return teacher_forced_batches(examples, {"target": PointerVocabulary()}, batch_size=64, buckets=1)[0]


def shortness(outputs, examples):
    tours = [example["source"][said - PointerVocabulary.FIRST] for said, example in zip(outputs, examples, strict=True)]
    return [-np.linalg.norm(tour - np.roll(tour, 1, axis=0), axis=1).sum() for tour in tours]


model = zoo.build("pointer_network", source_features=2, units=64, visits="all", glimpses=1)
model.compile("adam")
regime = SequenceLevel(model, shortness, baseline="other_samples", samples=4, maximum_length=8)
regime.compile()
cities = OnTheFlyBatches(draw, sizes=(6, 7), batches=40)
history = regime.fit(cities, epochs=3, shuffle=False, verbose=0).history
[round(reward, 3) for reward in history["reward"]]

# %% [markdown]
# The reward is minus the mean length of the tours that were drawn. The baseline takes away most of its variance, which
# is what makes the gradient usable:

# %%
from zoo.plots.rewards import plot_rewards

epochs = [{"epoch": n, **{name: values[n] for name, values in history.items()}} for n in range(3)]
plot_rewards(epochs, folder / "rewards.png")
Image(folder / "rewards.png")
