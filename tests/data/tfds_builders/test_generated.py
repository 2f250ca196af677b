import subprocess
import sys

import numpy as np
import pytest
import tensorflow_datasets as tfds

from tests.conftest import ROOT
from zoo.data import tfds_builders  # noqa: F401 - registers them
from zoo.data.tfds import DataSet
from zoo.data.tfds_builders.generated import Drawn

BUILDERS = [name for name in tfds.list_builders() if name.startswith("zoo_")]
# Characters, or rows of time, where 200 would be too few; and what takes its time to draw.
COUNTS = {"zoo_language_model": 2000, "zoo_inflection": 1200, "zoo_algorithms_repeat_copy": 400}
COUNTS |= {"zoo_speech": 50, "zoo_video": 50, "zoo_music": 50}


def test_each_is_there():
    assert len(BUILDERS) == 39


@pytest.mark.parametrize("name", BUILDERS)
def test_a_set_holds_what_is_drawn_in_its_order(name, tmp_path):
    count = COUNTS.get(name, 200)
    found = DataSet(f"{name}/{count}_examples_seed_3", folder=tmp_path)
    drawn = tfds.builder_cls(name).draw(count, 3)
    assert list(drawn) == found.splits == ["train", "validation", "test"]
    for split, rows in drawn.items():
        read = list(found.rows(split, found.features))
        assert len(read) == len(rows) > 0
        for values, row in zip(read, rows, strict=True):
            for feature, value in zip(found.features, values, strict=True):
                same(value, row[feature])


def same(read, drawn):
    if isinstance(read, tuple):  # a sound
        read = read[1]
    if isinstance(drawn, str | list) and not isinstance(read, np.ndarray):
        assert read == drawn
    elif isinstance(read, str):  # a class that is drawn by its number
        assert read == str(drawn)
    else:
        np.testing.assert_allclose(read, drawn, rtol=1e-6)  # what is drawn in float64 is kept in float32


def test_tfds_loads_them_by_name(tmp_path):
    loaded = tfds.load("zoo_reverse/50_examples", split="validation", data_dir=tmp_path)
    pairs = [(row["source"].decode(), row["target"].decode()) for row in tfds.as_numpy(loaded)]
    assert len(pairs) == 5
    assert all(source == target[::-1] for source, target in pairs)
    assert DataSet("zoo_reverse/50_examples", folder=tmp_path).splits == ["train", "validation", "test"]


def test_as_data_source_reads_them(tmp_path):
    options = {"file_format": "array_record"}
    source = tfds.data_source("zoo_sorting/50_examples", split="test", data_dir=tmp_path, builder_kwargs=options)
    assert len(source) == 5
    assert sorted(source[0]["target"]) == list(range(len(source[0]["source"])))


def test_examples_and_seed_by_name_or_configuration(tmp_path):
    assert (Drawn.named("500_examples").examples, Drawn.named("500_examples").seed) == (500, 0)
    assert (Drawn.named("20_examples_seed_3").examples, Drawn.named("20_examples_seed_3").seed) == (20, 3)
    mine = tfds.builder("zoo_reverse", config=Drawn(name="mine", examples=20, seed=3), data_dir=tmp_path)
    mine.download_and_prepare()
    named = DataSet("zoo_reverse/20_examples_seed_3", folder=tmp_path)
    read = [row for split in named.splits for row in named.rows(split, ["source"])]
    assert read == [
        row for split in named.splits for row in DataSet("zoo_reverse/mine", folder=tmp_path).rows(split, ["source"])
    ]
    assert read != [
        row
        for split in named.splits
        for row in DataSet("zoo_reverse/20_examples", folder=tmp_path).rows(split, ["source"])
    ]
    whole = tfds.builder("zoo_reverse", data_dir=tmp_path)
    assert (whole.builder_config.name, whole.builder_config.seed, whole.EXAMPLES) == ("whole", 0, 20_000)


@pytest.mark.parametrize("name", ["few", "0_examples", "-5_examples"])
def test_other_configurations_are_errors(name, tmp_path):
    with pytest.raises(ValueError, match=rf"`500_examples_seed_3`. Received: '{name}'"):
        Drawn.named(name)
    with pytest.raises(ValueError, match=rf"Received: 'zoo_reverse/{name}'.*whole.*500_examples"):
        DataSet(f"zoo_reverse/{name}", folder=tmp_path)


def test_too_few_examples_are_an_error(tmp_path):
    with pytest.raises(ValueError, match="Every split holds an example. Received: 1 examples, none of which"):
        DataSet("zoo_reverse/1_examples", folder=tmp_path)


CHECK = """
import importlib.util, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "tensorflow":
            raise ModuleNotFoundError(f"refused: {name}", name=name)

find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "tensorflow" else find(name, *rest)
sys.meta_path.insert(0, Refuse())
from zoo.data.tfds import DataSet
for _ in range(2):
    pairs = list(DataSet("zoo_reverse/50_examples").rows("train", ["source", "target"]))
    print(sum(source == target[::-1] for source, target in pairs))
"""


@pytest.mark.slow
def test_they_are_prepared_and_read_without_tensorflow(tmp_path):
    environment = {
        "KERAS_BACKEND": "jax",
        "PYTHONPATH": str(ROOT),
        "TFDS_DATA_DIR": str(tmp_path),
        "HOME": str(tmp_path),
    }
    run = subprocess.run([sys.executable, "-c", CHECK], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.split() == ["40", "40"]
