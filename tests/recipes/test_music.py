import json

import numpy as np
import pytest

import zoo
from recipes import music
from recipes.run import Settings, train
from zoo.data import midi
from zoo.data.files import DataError


def test_a_quick_run_goes_on_with_pieces(tmp_path):
    settings = Settings(quick=True, epochs=9, verbose=0)
    run = train("music", out=tmp_path / "run", settings=settings, examples=100, units=64)
    assert set(run.metrics["test"]) == {"nats"}
    assert run.metrics["test"]["nats"] < run.metrics["baseline"]["key_by_key_nats"]
    assert (run.folder / "piano_roll.png").stat().st_size > 5000
    pieces = music.data(examples=100).raw["test"]
    for number in (1, 2, 3):
        heard = midi.read(run.folder / f"continuation_{number}.mid")
        opening = pieces[number - 1]["target"][: music.OPENING]
        np.testing.assert_array_equal(heard[: len(opening)], opening)
        assert len(heard) == music.OPENING + music.CONTINUATION

    # Every frame counts alike, in whichever piece and batch: the scores, frame by frame, of the loaded model.
    model = zoo.load(run.folder).model
    nats = []
    for piece in pieces:
        roll = piece["target"]
        before = np.concatenate([np.zeros_like(roll[:1]), roll[:-1]])
        scores = np.asarray(model({"target": before[None]})["scores"][0], "float64")
        nats += [(np.logaddexp(0, np.where(roll == 1, -scores, scores))).sum(axis=1)]
    assert run.metrics["test"]["nats"] == pytest.approx(np.concatenate(nats).mean(), rel=1e-4)


def test_only_training_pieces_are_transposed():
    plain, moved = music.data(examples=20, transpose=0), music.data(examples=20, transpose=2)
    assert len(moved.raw["train"]) == 5 * len(plain.raw["train"])
    for part in ("validation", "test"):
        assert len(moved.raw[part]) == len(plain.raw[part])
    five = np.stack([piece["target"].sum(axis=0) for piece in moved.raw["train"][:5]])
    for shift in range(-2, 3):
        np.testing.assert_array_equal(five[2 + shift][30:60], five[2][30 - shift : 60 - shift])


def test_keys_that_leave_the_piano_are_left_out():
    roll = np.zeros((2, 88), "float32")
    roll[:, [1, 86]] = 1
    assert [np.flatnonzero(moved[0]).tolist() for moved in music.transposed(roll, 3)] == [[0, 85], [1, 86], [2, 87]]
    with pytest.raises(ValueError, match="transpose is a number of semitones, 0 or more. Received: -1"):
        music.transposed(roll, -1)


def test_files(tmp_path):
    piece = [[60, 64, 67]] * 3
    path = tmp_path / "jsb-chorales-quarter.json"
    path.write_text(json.dumps({"train": [piece] * 3, "valid": [piece], "test": [piece, [[60]]]}))
    for name in (tmp_path, path):
        splits = music.data(data=str(name), transpose=1)
        assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [9, 1, 2]
        assert splits.raw["test"][1]["target"].nonzero() == (np.array([0]), np.array([39]))


def test_a_folder_of_midi_files(tmp_path):
    with pytest.raises(DataError, match=r"jsb-chorales-quarter\.json, plain or \.gz, or \.mid files"):
        music.data(data=str(tmp_path))
    rolls = [piece["target"] for piece in music.data(examples=10, transpose=0).raw["train"]]
    for number in range(10):
        midi.write(tmp_path / f"{number}.mid", rolls[number % 2])
    splits = music.data(data=str(tmp_path), transpose=0)
    np.testing.assert_array_equal(splits.raw["validation"][0]["target"], rolls[1])


@pytest.mark.real_data
def test_chorales(real_data):
    splits = music.data(data=str(real_data / "jsb_chorales"), transpose=0)
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [229, 76, 77]
