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
# # Pointer networks
#
# A pointer network has no vocabulary: it emits positions of its input, so a model that was trained on six points can
# be applied to ten. Here it learns convex hulls from points that are generated for every batch, in half a minute; `zoo
# train convex_hull` is the same task at full size.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import numpy as np
from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp()) / "hulls"
run = zoo.train("convex_hull", out=folder, settings=zoo.Settings(quick=True, verbose=0))
{name: round(value, 2) for name, value in run.metrics["test"].items()}

# %% [markdown]
# `exact` is the share of correct hulls (up to their first corner), `area` the share of the true area, `invalid` the
# share of outputs that are no simple polygon. Metrics ending in `_8` are on eight points; training had five or six.
#
# ## Predict positions

# %%
points = np.array([[0.1, 0.2], [0.9, 0.1], [0.5, 0.5], [0.6, 0.9], [0.2, 0.7]], "float32")
((best,),) = run.generate([points])
print(best.tokens, best.score)
best.alignment.round(2)

# %% [markdown]
# A row of the alignment is a step, a column a point; the rest to 1 is the probability of the end. Every decoder works:
# beam search returns the n best outputs.

# %%
for output in run.generate([points], decoder="beam_search", beam_width=4, n_best=3)[0]:
    print(f"{output.score:8.3f}  {output.tokens}")

# %% [markdown]
# ## Generalisation to more points

# %%
from zoo.data.synthetic import convex_hulls
from zoo.plots.polygons import plot_polygons

examples = convex_hulls.generate(3, points=(5, 5), seed=5) + convex_hulls.generate(3, points=(9, 9), seed=5)
hypotheses = run.generate([example["source"] for example in examples])
shown = [
    (example["source"], best.tokens, example["target"], best.alignment)
    for example, (best,) in zip(examples, hypotheses, strict=True)
]
plot_polygons(shown, folder / "answers.png")
Image(folder / "answers.png")

# %% [markdown]
# ## Training by reward
#
# Round trips can be learned from their length alone. `SequenceLevel` samples tours from the model, computes their
# reward in Python, and increases the probability of tours that are better than the greedy one. Any function of outputs
# and examples can be the reward. `visits="all"` constrains the model to visit every city exactly once.

# %%
from zoo.data.batches.on_the_fly import OnTheFlyBatches
from zoo.data.batches.teacher_forcing import teacher_forced_batches
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.special_ids import FIRST
from zoo.training.objectives.sequence_level import SequenceLevel


def draw(size, random):
    examples = [{"source": points, "target": []} for points in random.random((64, size, 2), "float32")]
    return teacher_forced_batches(examples, {"target": PointerVocabulary()}, batch_size=64, buckets=1)[0]


def shortness(outputs, examples):
    tours = [example["source"][positions - FIRST] for positions, example in zip(outputs, examples, strict=True)]
    return [-np.linalg.norm(tour - np.roll(tour, 1, axis=0), axis=1).sum() for tour in tours]


model = zoo.build("pointer_network", source_features=2, units=64, visits="all", glimpses=1)
model.compile("adam")
regime = SequenceLevel(model, shortness, baseline="other_samples", samples=4, maximum_length=8)
regime.compile()
cities = OnTheFlyBatches(draw, sizes=(6, 7), batches=40)
history = regime.fit(cities, epochs=3, shuffle=False, verbose=0).history
[round(reward, 3) for reward in history["reward"]]

# %% [markdown]
# The reward is minus the length of the sampled tours. The baseline removes most of its variance, without which the
# gradient would be too noisy:

# %%
from zoo.plots.rewards import plot_rewards

epochs = [{"epoch": n, **{name: values[n] for name, values in history.items()}} for n in range(3)]
plot_rewards(epochs, folder / "rewards.png")
Image(folder / "rewards.png")
