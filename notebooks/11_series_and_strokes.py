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
# # Real-valued sequences: time series and strokes
#
# An output distribution need not be over tokens. Here it is over real numbers: forecasts with prediction intervals,
# and then pen movements. Training, sampling and saving are the same as for every other model. In the terminal: `zoo
# train forecasting`, `zoo train strokes`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import numpy as np
from IPython.display import Image

import zoo

folder = Path(tempfile.mkdtemp())
run = zoo.train(
    "forecasting", out=folder / "forecasting", settings=zoo.Settings(quick=True, verbose=0), history=48, horizon=24
)
run.metrics["test"]

# %% [markdown]
# The baselines on the same windows: the values of the day before, and a linear model.

# %%
{name: round(value, 3) for name, value in run.metrics["baseline"].items() if name.endswith("mean_error")}

# %%
Image(folder / "forecasting" / "forecasts.png")

# %% [markdown]
# ## Forecasts by sampling
#
# Every sample path is drawn step by step, each value conditioned on the previous ones, so that errors accumulate
# realistically. The median of the paths is the forecast, their quantiles are the interval.

# %%
from zoo.data.synthetic import series
from zoo.recipes.common.forecast_samples import sample_futures

windows = run.vocabularies["source"]
rows = series.generate(200, seed=7).values
paths = sample_futures(run.model, [{"source": rows[:100]}], windows, samples=500)[0]
low, median, high = np.quantile(paths, [0.1, 0.5, 0.9], axis=0)
for hour in (0, 5, 11, 23):
    actual = rows[100 + hour, windows.column_index]
    interval = f"{low[hour]:5.1f} to {high[hour]:5.1f}"
    print(f"in {hour + 1:2} hours: {median[hour]:5.1f}, interval {interval}; actual {actual:5.1f}")

# %% [markdown]
# ## Normalization of windows
#
# The featurizer is saved with the run, so that it takes rows or the path of a table.

# %%
from dataclasses import replace

for normalize_by in ("training", "last_value", "season"):
    history = rows[52:100]
    targets = replace(windows, normalize_by=normalize_by).targets(history, rows[100:124, windows.column_index])[:4, 0]
    print(f"{normalize_by:10}: {np.round(targets, 2)}")

# %% [markdown]
# ## Strokes
#
# A drawing is a sequence of pen movements: an offset, and whether the pen stays down, is lifted, or the drawing ends.
# The next movement can be multimodal, so the output is a mixture density; a temperature below 1 sharpens its weights
# and narrows its components. In the terminal: `zoo train strokes`.

# %%
strokes = zoo.train("strokes", out=folder / "strokes", settings=zoo.Settings(quick=True, verbose=0), examples=400)
{"model": strokes.metrics["test"]["nats"], "by the last movement": strokes.metrics["baseline"]["pen_by_pen_nats"]}

# %%
Image(folder / "strokes" / "drawings.png")

# %% [markdown]
# Five completions of the first movements of a test drawing:

# %%
from zoo.data.featurizers import drawings
from zoo.plots.drawings import plot_drawings
from zoo.recipes import strokes as recipe

whole = recipe.data(examples=400).raw["test"][4]["target"]
(completions,) = zoo.generate(
    strokes, [whole[:5]], decoder="sampling", temperature=0.5, samples=5, seed=1, maximum_length=60
)
rows = [
    ("given, and whole", [drawings.lines(whole[:5]), drawings.lines(whole)]),
    ("completed", [drawings.lines(one.tokens) for one in completions]),
]
plot_drawings(rows, folder / "finished.png")
Image(folder / "finished.png")
