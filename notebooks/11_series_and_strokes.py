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
# # Real numbers: series and strokes
#
# What a model says at a step need not be a token. Here it is a distribution over real numbers: a forecast with an
# interval, and then the movements of a pen. Training, sampling and saving are those of every other model; from the
# terminal: `zoo train forecasting`, `zoo train strokes`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import numpy as np
from IPython.display import Image

from zoo.experiments.run import train
from zoo.experiments.settings import Settings

folder = Path(tempfile.mkdtemp())
run = train("forecasting", out=folder / "forecasting", settings=Settings(quick=True, verbose=0), history=48, horizon=24)
run.metrics["test"]

# %% [markdown]
# Beside it, on the same windows: the numbers of a day before, and a linear model.

# %%
{name: round(value, 3) for name, value in run.metrics["baseline"].items() if name.endswith("mean_error")}

# %%
Image(folder / "forecasting" / "forecasts.png")

# %% [markdown]
# ## A forecast is many futures
#
# Every future is drawn step by step, each number given the ones before it, so that errors add up as they do. Their
# median is the forecast, their quantiles the interval.

# %%
from zoo.data.synthetic import series
from zoo.recipes.common.forecast_samples import sample_futures

windows = run.vocabularies["source"]
rows = series.generate(200, seed=7).values
paths = sample_futures(run.model, [{"source": rows[:100]}], windows, samples=500)[0]
low, median, high = np.quantile(paths, [0.1, 0.5, 0.9], axis=0)
for hour in (0, 5, 11, 23):
    came = rows[100 + hour, windows.place]
    print(
        f"in {hour + 1:2} hours: {median[hour]:5.1f}, between {low[hour]:5.1f} and {high[hour]:5.1f}; came: {came:5.1f}"
    )

# %% [markdown]
# ## The scale of a window
#
# A run keeps how rows become frames beside its model, so that it takes rows, or the path of a table, as they are.

# %%
from dataclasses import replace

for normalize_by in ("training", "last_value", "season"):
    seen = rows[52:100]
    told = replace(windows, normalize_by=normalize_by).targets(seen, rows[100:124, windows.place])[:4, 0]
    print(f"{normalize_by:10}: {np.round(told, 2)}")

# %% [markdown]
# ## Strokes: movements of a pen
#
# A drawing is a sequence of movements: how far the pen goes right and down, and whether it stays on the paper, is
# lifted, or the drawing is done. What comes next may lie in several places at once, so each step says a mixture of
# them; a temperature below 1 makes the likely places likelier and all of them narrower. From the terminal:
# `zoo train strokes`.

# %%
strokes = train("strokes", out=folder / "strokes", settings=Settings(quick=True, verbose=0), examples=400)
{"model": strokes.metrics["test"]["nats"], "by the last movement": strokes.metrics["baseline"]["pen_by_pen_nats"]}

# %%
Image(folder / "strokes" / "drawings.png")

# %% [markdown]
# The same start, gone on with several times: the first movements of a test drawing, and five ways to finish it.

# %%
import zoo
from zoo.data.featurizers import drawings
from zoo.plots.drawings import plot_drawings
from zoo.recipes import strokes as recipe

whole = recipe.data(examples=400).raw["test"][4]["target"]
(found,) = zoo.generate(strokes, [whole[:5]], decoder="sampling", temperature=0.5, samples=5, seed=1, maximum_length=60)
rows = [
    ("given, and whole", [drawings.lines(whole[:5]), drawings.lines(whole)]),
    ("gone on with", [drawings.lines(one.tokens) for one in found]),
]
plot_drawings(rows, folder / "finished.png")
Image(folder / "finished.png")
