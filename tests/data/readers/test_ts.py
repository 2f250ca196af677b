from collections import Counter

import numpy as np
import pytest

from zoo.data.readers import ts
from zoo.storage.files import DataError

HEADER = """\
# two channels, of different lengths from case to case
@problemName Motions
@timeStamps false
@dimensions 2
@equalLength false
@classLabel true Standing Running

@data
"""
CASES = "0.5,1.0,-2:1,2,3:Running\n0.25,4:5,6e-1:Standing\n"


@pytest.mark.parametrize("name", ["a.ts", "a.ts.gz"])
def test_series_and_classes(write, name):
    (first, running), (second, standing) = ts.read(write(name, HEADER + CASES))
    np.testing.assert_array_equal(first, np.array([[0.5, 1], [1, 2], [-2, 3]], "float32"))
    np.testing.assert_array_equal(second, np.array([[0.25, 5], [4, 0.6]], "float32"))
    assert first.dtype == np.float32
    assert (running, standing) == ("Running", "Standing")


def test_one_channel(write):
    ((frames, label),) = ts.read(write("a.ts", "@univariate true\n@classLabel true 1 2\n@data\n1,2,3:2\n"))
    assert (frames.tolist(), label) == ([[1], [2], [3]], "2")


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("1,2:Running", r"2 channels before the class, found 1"),
        ("Running", r"2 channels before the class, found 0"),
        ("1,2:3,4:5,6:Running", r"2 channels before the class, found 3"),
        ("1,2:3:Running", r"channels of one length, found \[2, 1\]"),
        ("1,2:3,4:Walking", r"a class \(Standing, Running\) at the end, found 'Walking'"),
        ("1,2:3,4", r"a class \(Standing, Running\) at the end, found '3,4'"),
        ("1,2:3,x:Running", r"numbers between commas"),
        ("1,2:3,?:Running", r"numbers between commas"),
        ("1,2:3,NaN:Running", r"finite values, found nan"),
    ],
)
def test_malformed_case(write, case, message):
    with pytest.raises(DataError, match=rf"a\.ts:9: expected {message}"):
        ts.read(write("a.ts", HEADER + case + "\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r":1: .*empty file"),
        (HEADER, r": expected series after @data, found none"),
        ("1,2:Running\n", r":1: expected @data before the first series"),
        ("@classLabel false\n@data\n1:2\n", r":2: expected @classLabel true"),
        ("@classLabel\n@data\n1:a\n", r":2: expected @classLabel true"),
        ("@timeStamps\n@classLabel true a\n@data\n1:a\n", r":3: expected @timeStamps false"),
        ("@dimensions\n@classLabel true a\n@data\n1:a\n", r":3: expected @dimensions and a whole number"),
        (f"@dimensions {'9' * 5000}\n@classLabel true a\n@data\n1:a\n", r":3: expected @dimensions and a whole number"),
        ("@classLabel true a\n@data\n1_5:a\n", r":3: expected numbers between commas"),
        ("@classLabel true a\n@data\n1e39:a\n", r":3: expected finite values, found inf"),
        ("@timeStamps true\n@classLabel true a\n@data\n(0,1):a\n", r":3: expected @timeStamps false"),
        ("@dimensions two\n@classLabel true a\n@data\n1:a\n", r":3: expected @dimensions and a whole number"),
    ],
)
def test_malformed_header(write, text, message):
    with pytest.raises(DataError, match=message):
        ts.read(write("a.ts", text))


def test_encoding(write):
    path = write("a.ts", "# réseau\n" + HEADER + CASES, "latin-1")
    with pytest.raises(DataError, match=r"a\.ts:1: expected utf-8"):
        ts.read(path)
    assert len(ts.read(path, encoding="latin-1")) == 2


@pytest.mark.real_data
@pytest.mark.parametrize("split", ["TRAIN", "TEST"])
def test_published_counts(real_data, split):
    examples = ts.read(real_data / "basic_motions" / f"BasicMotions_{split}.ts.gz")
    assert Counter(label for _, label in examples) == dict.fromkeys(["Standing", "Running", "Walking", "Badminton"], 10)
    assert {frames.shape for frames, _ in examples} == {(100, 6)}
