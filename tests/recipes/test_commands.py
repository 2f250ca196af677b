import gzip

import numpy as np
import pytest

from tests.runs import splits_of
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import commands

LINES = [f"IN: walk {'left ' * (n % 2)}OUT: {'I_TURN_LEFT ' * (n % 2)}I_WALK\n" for n in range(20)]


def test_a_short_run_is_measured_and_drawn(tmp_path):
    words = ("walk", "run", "jump", "look")
    lines = [f"IN: {one} and {other} OUT: I_{one.upper()} I_{other.upper()}\n" for one in words for other in words] * 4
    (tmp_path / "mine.txt").write_text("".join(lines))
    arguments = {"units": 8, "embedding_size": 8, "batch_size": 8, "learning_rate": 0.02}
    settings = Settings(quick=True, epochs=3, verbose=0)
    run = train("commands", out=tmp_path / "run", settings=settings, data=str(tmp_path / "mine.txt"), **arguments)
    test = run.metrics["test"]
    assert set(test) == {"exact", "nats", "perplexity", "accuracy"}
    assert np.isfinite(list(test.values())).all()
    ((best,),) = run.generate(["walk and jump"])
    assert best.source == ["walk", "and", "jump"]
    assert set(best.text.split()) <= {f"I_{word.upper()}" for word in words}
    assert (run.folder / "alignments.png").is_file()
    assert "val_exact" in (run.folder / "history.csv").read_text().splitlines()[0]


@pytest.mark.slow
@pytest.mark.parametrize(("attention", "conditioning"), [("general", "initial_state"), (None, "every_step")])
def test_a_quick_run_learns_from_a_file(tmp_path, attention, conditioning):
    words = ("walk", "run", "jump", "look", "turn", "push", "pull", "wait")
    lines = [f"IN: {one} and {other} OUT: I_{one.upper()} I_{other.upper()}\n" for one in words for other in words] * 6
    (tmp_path / "mine.txt").write_text("".join(lines))
    arguments = {"attention": attention, "conditioning": conditioning}
    arguments |= {"units": 32, "embedding_size": 16, "batch_size": 16}
    settings = Settings(quick=True, epochs=10, verbose=0)
    run = train("commands", out=tmp_path / "run", settings=settings, data=str(tmp_path / "mine.txt"), **arguments)
    test = run.metrics["test"]
    assert set(test) == {"exact", "nats", "perplexity", "accuracy"}
    assert test["exact"] > 0.4  # of pairs that training has not; chance: 1/64
    assert run.generate(["walk and jump"])[0][0].text == "I_WALK I_JUMP"
    assert (run.folder / "alignments.png").is_file() == (attention is not None)
    assert "val_exact" in (run.folder / "history.csv").read_text().splitlines()[0]


def test_the_folder_of_scan(tmp_path):
    for split in ("simple", "length"):
        (tmp_path / f"tasks_train_{split}.txt").write_text("".join(LINES))
        (tmp_path / f"tasks_test_{split}.txt").write_text("".join(LINES[: 2 if split == "length" else 1]))
    splits = splits_of("commands", data=str(tmp_path))
    # Every tenth of training.
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [18, 2, 1]
    assert splits.raw["validation"][0] == {"source": "walk left", "target": "I_TURN_LEFT I_WALK"}
    assert len(splits_of("commands", data=str(tmp_path), split="length").raw["test"]) == 2
    with pytest.raises(ValueError, match="--split names one of tasks_length, tasks_simple, .*Received: 'lenght'"):
        splits_of("commands", data=str(tmp_path), split="lenght")


def test_zipped_files(tmp_path):
    for part in ("train", "test"):
        with gzip.open(tmp_path / f"tasks_{part}_simple.txt.gz", "wt") as file:
            file.writelines(LINES)
    assert len(splits_of("commands", data=str(tmp_path)).raw["test"]) == 20


def test_actions_are_words():
    splits = splits_of("commands", examples=100)
    text = splits.raw["test"][0]["target"]
    assert splits.vocabularies["target"].decode(splits.vocabularies["target"].encode(text)) == text
    assert max(len(ids) for ids in splits.train.targets) <= commands.LONGEST


@pytest.mark.real_data
@pytest.mark.parametrize(("split", "train_size", "test_size"), [("simple", 16728, 4182), ("length", 16990, 3920)])
def test_scan(real_data, split, train_size, test_size):
    splits = splits_of("commands", data=str(real_data / "scan_simple_length"), split=split)
    assert len(splits.raw["train"]) + len(splits.raw["validation"]) == train_size
    assert len(splits.raw["validation"]) == train_size // 10
    assert len(splits.raw["test"]) == test_size
    assert max(len(ids) for ids in splits.test.targets) <= commands.LONGEST
