import numpy as np
import pytest

from tests.runs import splits_of
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import reverse


@pytest.mark.slow
def test_a_quick_run_writes_backwards(tmp_path):
    settings = Settings(quick=True, epochs=4, verbose=0)
    arguments = {"examples": 2000, "length": 3, "minimum_length": 3, "batch_size": 32}
    run = train("reverse", out=tmp_path / "run", settings=settings, **arguments)
    test = run.metrics["test"]
    assert set(test) == {"exact", "longer_exact", "nats", "perplexity", "accuracy"}
    assert test["exact"] > 0.6  # a copy of the source: 1/26
    assert 0 <= test["longer_exact"] <= test["exact"]
    found = run.generate(["abc", "zx"])
    assert [len(best.trace["alignment"]) - len(best.alignment) for best, *_ in found] == [1, 1]
    assert (run.folder / "alignments.png").stat().st_size > 5000


def test_a_short_run_is_measured_and_drawn(tmp_path):
    settings = Settings(quick=True, epochs=1, verbose=0)
    arguments = {"examples": 500, "length": 3, "minimum_length": 3, "batch_size": 16, "units": 16, "encoder": "forward"}
    run = train("reverse", out=tmp_path / "run", settings=settings, **arguments)
    test = run.metrics["test"]
    assert set(test) == {"exact", "longer_exact", "nats", "perplexity", "accuracy"}
    assert np.isfinite(list(test.values())).all()
    assert 0 <= test["longer_exact"] <= 1
    answers = run.generate(["abc", "zx"])
    assert all(len(best.trace["alignment"]) - len(best.tokens) == best.finished for best, *_ in answers)
    assert (run.folder / "alignments.png").stat().st_size > 5000


def test_no_string_is_in_two_splits():
    splits = splits_of("reverse", examples=500, length=2, minimum_length=1)
    parts = [{pair["source"] for pair in splits.raw[part]} for part in ("train", "validation", "test")]
    assert not parts[0] & parts[1] | parts[0] & parts[2] | parts[1] & parts[2]
    assert all(pair["target"] == pair["source"][::-1] for pair in splits.raw["train"])


def test_longer_strings_are_longer_than_any_in_training():
    lengths = {len(pair["source"]) for pair in reverse.longer(splits_of("reverse", examples=200, length=8))}
    assert lengths == {9, 10, 11, 12}
    lengths = {len(p["source"]) for p in reverse.longer(splits_of("reverse", examples=50, length=1, minimum_length=1))}
    assert lengths == {2}


def test_there_are_no_other_data():
    with pytest.raises(ValueError, match="--data synthetic, or tfds:zoo_reverse. Received: 'mine.txt'"):
        splits_of("reverse", data="mine.txt")
