import json

import numpy as np
import pytest

from zoo.data.readers import chorales
from zoo.storage.files import DataError

PIECES = {"train": [[[60, 64], []], [[21, 108]]], "valid": [[[60, -1]]], "test": [[[60], [62], [64]]]}


def test_pieces_by_split(write):
    parts = chorales.read(write("pieces.json.gz", json.dumps(PIECES)))
    assert {name: [roll.shape for roll in rolls] for name, rolls in parts.items()} == {
        "train": [(2, 88), (1, 88)],
        "validation": [(1, 88)],
        "test": [(3, 88)],
    }
    first, second = parts["train"]
    assert first.dtype == np.float32
    assert np.argwhere(first).tolist() == [[0, 39], [0, 43]]
    assert np.flatnonzero(second[0]).tolist() == [0, 87]
    assert chorales.pitches(parts["validation"][0]) == [[60]]


def test_rolls_and_pitches_are_inverse(random):
    steps = [sorted(set(random.integers(21, 109, 4).tolist())) for _ in range(20)]
    steps[3] = []
    assert chorales.pitches(chorales.piano_roll(steps)) == steps
    with pytest.raises(ValueError, match="21 to 108, received: step 1, 20"):
        chorales.piano_roll([[60], [20]])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"train":\n oops', r"pieces\.json:2: expected JSON"),
        ("[1]", r"an object with train, valid, test, found list"),
        (json.dumps({"train": []}), r"an object with train, valid, test, found \['train'\]"),
        (json.dumps(PIECES | {"test": {}}), r"a list of pieces under 'test', found \{\}"),
        (json.dumps(PIECES | {"test": [[]]}), r"a list of steps as test piece 0, found \[\]"),
        (json.dumps(PIECES | {"valid": [[[60], 61]]}), r"a list of pitches as step 1 of valid piece 0, found 61"),
        (json.dumps(PIECES | {"test": [[[60, 109]]]}), r"pitches of 21 to 108 in step 0 of test piece 0, found 109"),
        (json.dumps(PIECES | {"test": [[["C4"]]]}), r"in step 0 of test piece 0, found 'C4'"),
    ],
)
def test_malformed(write, content, message):
    with pytest.raises(DataError, match=message):
        chorales.read(write("pieces.json", content))


@pytest.mark.real_data
def test_real_pieces(real_data):
    quarters = chorales.read(real_data / "jsb_chorales" / "jsb-chorales-quarter.json.gz")
    assert {name: len(rolls) for name, rolls in quarters.items()} == {"train": 229, "validation": 76, "test": 77}
    sounding = np.concatenate(quarters["train"]).sum(axis=1)
    assert sounding.max() == 4 and 3.5 < sounding.mean() < 4
    sixteenths = chorales.read(real_data / "jsb_chorales" / "Jsb16thSeparated.json.gz")
    assert len(np.concatenate(sixteenths["train"])) > 3 * len(np.concatenate(quarters["train"]))


def test_steps_are_bounded(write, monkeypatch):
    path = write("pieces.json", json.dumps({"train": [[[60]] * 3], "valid": [[[]]], "test": [[[]], [[], []]]}))
    monkeypatch.setattr(chorales, "MAX_STEPS", 7)
    chorales.read(path)
    monkeypatch.setattr(chorales, "MAX_STEPS", 6)
    with pytest.raises(DataError, match=r"pieces\.json: expected at most 6 steps in all pieces .*, found 7"):
        chorales.read(path)
