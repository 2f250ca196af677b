"""Every recipe reads the sets of TFDS that its docs name: their features are those of TFDS' own builders."""

import numpy as np
import pytest
import tensorflow_datasets as tfds

from tests.recipes import tfds_generated, tfds_mapped
from tests.recipes.tfds_sets import FEW, POSITIONS, TEXT, Case, filled, wave
from tests.runs import splits_of
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import load_recipe

CASES = [*tfds_mapped.CASES, *tfds_generated.CASES]


@pytest.fixture(params=["tfrecord", pytest.param("array_record", marks=pytest.mark.slow)])
def prepared(request, tmp_path, monkeypatch):
    """Prepares a set in TFDS_DATA_DIR: one that TFDS knows by its own builder, from rows instead of its files."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))

    def examples(case, split, features):
        rows = case.of(split) * (6 if split == "train" and len(case.splits) > 1 else 1)
        rows = rows * (10 if len(case.splits) == 1 and len(rows) < 6 else 1)
        for number, row in enumerate(rows):
            yield number, filled(features, row)

    def prepare(case):
        options = {"data_dir": tmp_path, "file_format": request.param}
        if case.features is None:
            builder = tfds.builder(case.name, **options)
        else:
            builder = Mine(features=case.features, **options)
        generate = lambda *_, **__: {split: examples(case, split, builder.info.features) for split in case.splits}  # noqa: E731
        with monkeypatch.context() as own:
            own.setattr(type(builder), "_split_generators", generate)
            own.setattr(type(builder), "MANUAL_DOWNLOAD_INSTRUCTIONS", None)
            builder.download_and_prepare()

    return prepare


class Mine(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """A set of a person's own, which TFDS finds by its files alone."""

    VERSION = tfds.core.Version("1.0.0")

    def __init__(self, *, features, **options):
        self._own = features
        super().__init__(**options)

    def _info(self):
        return self.dataset_info_from_configs(features=tfds.features.FeaturesDict(self._own))

    def _split_generators(self, manager):
        raise NotImplementedError

    def _generate_examples(self):
        raise NotImplementedError


@pytest.mark.filterwarnings("ignore:.*(resized|resampled|converted|class is not known|filled in)")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.recipe}-{case.name}")
def test_a_set_reaches_the_batches(case, prepared):
    prepared(case)
    splits = splits_of(case.recipe, data=f"tfds:{case.name}", **case.arguments)
    assert case.read(splits) == case.expected
    assert all(len(splits[part]) for part in ("train", "validation", "test"))


@pytest.mark.parametrize(
    ("recipe", "row", "features", "message"),
    [
        ("forecasting", {"time": "soon", "a": 1.0}, {"time": TEXT, "a": np.float32}, "expected times as 1949.*'soon'"),
        (
            "forecasting",
            {"time": 86400, "a": 1.0},
            {"time": np.int64, "a": np.float32},
            "expected times as 1949.*86400",
        ),
        ("forecasting", {"time": "1949"}, {"time": TEXT}, "A series has three rows or more of a time and numbers"),
        (
            "speech",
            {"audio": [1, 2], "text": "a"},
            {"audio": POSITIONS, "text": TEXT},
            "Sounds of a set need a sample rate",
        ),
        (
            "speech",
            {"audio": wave(40), "audio/filename": "a.wav"},
            {"audio": tfds.features.Audio(sample_rate=8000), "audio/filename": TEXT},
            "named {digit}_{speaker}_{index}.wav, found a.wav",
        ),
        ("tree_sentiment", {"tree": "(1 (2 a))"}, {"tree": TEXT}, "tfds:mine:1: expected exactly two children"),
    ],
)
def test_values_that_do_not_fit_are_errors(recipe, row, features, message, prepared):
    prepared(Case(recipe, "mine", [row] * 4, None, set(), features=features))
    with pytest.raises(ValueError, match=message):
        splits_of(recipe, data="tfds:mine")


@pytest.mark.parametrize("recipe", list_recipes())
def test_every_recipe_names_its_sets_and_features(recipe):
    module = load_recipe(recipe).module
    ways = module.TFDS.values() if isinstance(module.TFDS, dict) else [module.TFDS]
    assert all(isinstance(name, str) for some in ways for way in some for name in way)
    cases = [case for case in CASES if case.recipe == recipe]
    assert cases
    for case in cases:
        assert case.features or f"tfds:{case.name}" in module.__doc__, case.name
    assert "tfds:" in module.__doc__
    assert "tfds:" in module.data.__doc__


# What a recipe generates is what its set holds; sets of what is drawn anew for every batch are fixed ones.
DRAWN_ANEW = ("algorithms", "convex_hull", "sorting", "travelling_salesman")
FEWER = {
    "language_model": (9000, {"rows": 2, "steps": 16}),
    "speech": (60, {}),
    "inflection": (1200, {}),
    "pronunciation": (400, {}),
    "copying": (60, FEW),
}


@pytest.mark.filterwarnings("ignore:.*never seen in training")
@pytest.mark.parametrize("recipe", list_recipes())
def test_a_generated_set_is_what_its_recipe_generates(recipe, tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    count, options = FEWER.get(recipe, (400 if recipe == "forecasting" else 60, {}))
    splits = splits_of(recipe, data=f"tfds:zoo_{recipe}/{count}_examples", **options)
    if recipe in DRAWN_ANEW:
        assert all(len(splits[part]) for part in ("train", "validation", "test"))
        return
    number = {"speech": ("takes", count // 20), "forecasting": ("rows", count)}.get(recipe, ("examples", count))
    own = splits_of(recipe, **dict([number]), **options)
    for part in ("train", "validation", "test"):
        first, other = splits[part], own[part]
        assert len(first) == len(other)
        for one, same in zip(arrays(first[0]), arrays(other[0]), strict=True):
            np.testing.assert_allclose(one, same, rtol=1e-5, atol=1e-5)


def arrays(batch):
    return [
        array
        for part in batch
        for array in ([part[name] for name in sorted(part)] if isinstance(part, dict) else [part])
    ]
