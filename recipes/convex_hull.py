"""Finds the convex hull of points by pointing at its corners, one after the other: a pointer network.

    zoo train convex_hull --out runs/hull
    zoo evaluate runs/hull --data convex_hull_5_test.txt.gz --split all
    zoo generate runs/hull "0.1 0.2  0.9 0.1  0.5 0.5  0.6 0.9" --alignments hull.png

The answer is a sequence of positions of its own input, so a model that is trained on 5 to 10 points can be asked about
20. Hulls go counter-clockwise from the lowest position on; `exact` counts them up to rotation and direction, `area` is
the share of the true area over the answers that are simple polygons, `invalid` the share of those that are none.

Data: `synthetic`, points drawn anew for every batch; a file of `x1 y1 x2 y2 ... output i1 i2 ... i1` a line, positions
counted from 1, plain or .gz; tfds:zoo_convex_hull, or a set of your own with the features `source`, points (S, 2), and
`target`, positions from 0 on (TFDS has no public one).

Seen, one seed, trained on 5 to 10 points in two goes (`--epochs 9 --decay-epochs 24`, then `--start` of that with
`--epochs 6 --learning-rate 8e-4`), 55 minutes beside other work on 2 CPU cores: exact 0.951 of 5
points, 0.874 of 10, 0.622 of 20; area 0.999. Of the 10,000 lines of the published file of 5 points 0.969.
Vinyals et al. 2015, arXiv:1506.03134: 0.920 exact of 5 points, 0.870 of 10, 0.696 of 50 (trained on 5 to 50 points).
"""

from pathlib import Path

import keras
import numpy as np

import zoo
from zoo.data.splits import Splits
from zoo.data.synthetic import convex_hulls
from zoo.experiments.optimizers import compile_generator
from zoo.recipes.common import objectives, pointing
from zoo.recipes.common.tfds_sources import PREFIX
from zoo.training.metrics import pointing_metrics

EPOCHS = 15
PATIENCE = 8
MONITOR = "val_exact"
QUICK = {
    "batches": 100,
    "examples": 100,
    "epochs": 3,
    "units": 64,
    "largest": 6,
    "beyond": 8,
    "learning_rate": 5e-3,
}
# Features of sets of TFDS: the generated one's and one's own.
TFDS = (("source", "target"),)


def data(
    *,
    data: str = "synthetic",
    smallest: int = 5,
    largest: int = 10,
    beyond: int = 20,
    batches: int = 1000,
    batch_size: int = 128,
    examples: int = 1000,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Points and their hulls.

    Args:
        data: synthetic, a path, or tfds:zoo_convex_hull.
        smallest: the fewest points of training (synthetic only, as all that follow but batch_size).
        largest: the most.
        beyond: a number of points never trained on, to be tested, too.
        batches: of an epoch.
        batch_size: sets of points a step.
        examples: sets of validation, and of every tested number of points.
        seed: of generation and shuffling.
        vocabularies: positions need none.
    """
    if data.startswith(PREFIX):
        return pointing.of_set(data, TFDS, batch_size=batch_size, seed=seed)
    if data != "synthetic":
        return pointing.published(data, batch_size=batch_size, seed=seed)
    return pointing.generated(
        convex_hulls.draw,
        sizes=(smallest, largest),
        tested=sorted({smallest, largest, beyond}),
        batches=batches,
        batch_size=batch_size,
        examples=examples,
        seed=seed,
    )


def model(
    splits: Splits,
    *,
    attention: str = "additive",
    visits: str = "once",
    glimpses: int = 1,
    clip: float = 0.0,
    cell: str = "lstm",
    units: int = 256,
    layers: int = 1,
    encoder: str = "bidirectional",
    learning_rate: float = 1e-3,
    decay_epochs: int = EPOCHS,
) -> keras.Model:
    """A pointer network, compiled.

    Args:
        attention: how the query is compared with the points: additive, general, dot, scaled_dot, cosine.
        visits: how often a point may be pointed at: any, once, all.
        glimpses: looks at all points before it points.
        clip: scores stay within this; 0: not clipped.
        cell: a name of zoo.cells.CELLS.
        units: width of the decoder, and of the encoder's directions together.
        layers: recurrent layers on each side.
        encoder: bidirectional, forward or backward.
        learning_rate: of Adam, at first.
        decay_epochs: epochs in which it falls to 0, as a cosine: those of the training.
    """
    model = zoo.build(
        "pointer_network",
        source_features=2,
        attention=attention,
        visits=visits,
        glimpses=glimpses,
        clip=clip,
        cell=cell,
        units=units,
        layers=layers,
        encoder=encoder,
    )
    return compile_generator(model, learning_rate, schedule="cosine", decay_steps=decay_epochs * len(splits.train))


def _exact(said, examples) -> float:
    return pointing_metrics.exact(said, [example["target"] for example in examples])


regime = objectives.of({"exact": lambda splits: objectives.of_positions(_exact)})


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Exact hulls of a part of validation, decoded greedily."""
    return [pointing.watch(model, splits, {"exact": _exact})]


def space(hp) -> dict:
    """What a search varies."""
    return {
        "units": hp.Int("units", 128, 384, step=64),
        "glimpses": hp.Int("glimpses", 0, 2),
        "layers": hp.Int("layers", 1, 2),
        "learning_rate": hp.Float("learning_rate", 3e-4, 3e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Exact hulls, area and invalid ones, decoded greedily, over all examples and by their number of points."""
    examples = splits.raw[split]
    return pointing.by_size(examples, pointing.answer(model, examples), _figures)


def _figures(said, examples) -> dict[str, float]:
    points, true = [example["source"] for example in examples], [example["target"] for example in examples]
    return {
        "exact": pointing_metrics.exact(said, true),
        "area": pointing_metrics.area(said, true, points),
        "invalid": pointing_metrics.invalid(said, points),
    }


def understand(text: str) -> np.ndarray:
    """Typed points; refuses those that have no hull."""
    points = pointing.typed(text)
    convex_hulls.hull(points)
    return np.asarray(points, "float32")


def draw_answers(found, inputs, path: Path) -> None:
    """Answers over their points and the true hulls."""
    pointing.draw(found, [{"source": points, "target": convex_hulls.hull(points)} for points in inputs], path)


def pictures(model, splits: Splits, folder: Path) -> None:
    """Hulls of test examples."""
    pointing.picture(model, splits, folder / "hulls.png")


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("convex_hull")
