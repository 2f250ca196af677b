import numpy as np


def test_rolls_and_drawings(read):
    assert all((row["roll"].sum(axis=1) == 4).all() for row in read("zoo_music/20_examples"))
    assert all(row["drawing"][-1, 2] == 1 for row in read("zoo_strokes/20_examples"))


def test_rows_of_time(read):
    rows = [row for split in ("train", "validation", "test") for row in read("zoo_forecasting/100_examples", split)]
    assert len(rows) == 100
    assert [row["time"] for row in rows[:2]] == ["2020-01-01T00:00", "2020-01-01T01:00"]
    # The second column is what the first will be 6 hours later.
    np.testing.assert_allclose([row["load"] for row in rows[:-6]], [row["demand"] for row in rows[6:]])


def test_sounds_are_named_as_the_free_spoken_digits(read):
    for row in read("zoo_speech/60_examples"):
        digit, speaker, _ = row["audio/filename"].split("_")
        assert digit == row["label"]
        assert speaker in ("voice0", "voice1")
        assert row["audio"][0] == 8000
        assert 0.1 < np.abs(row["audio"][1]).max() <= 1


def test_pictures_and_clips(read):
    for row in read("zoo_captioning/10_examples"):
        assert row["image"].shape == (48, 48, 3)
        assert row["caption"].startswith("a ")
    for row in read("zoo_video/10_examples"):
        assert row["video"].shape[1:] == (32, 32, 3)
        assert row["caption"].endswith(f"moves {row['label']}")
    for row in read("zoo_pixels/10_examples"):
        assert row["image"].shape == (12, 12)
        assert 0 <= row["image"].min() < row["image"].max() <= 1
