import errno
import json
import resource

import keras
import numpy as np
import pytest

import zoo
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.inference.run import run_folder

TEXTS = ["a good film", "not a good film", "dull"]


def small(units=3, **arguments):
    return zoo.build("many_to_one", vocabulary_size=8, outputs=2, units=units, embedding_size=3, **arguments)


@pytest.fixture
def vocabularies():
    return {"tokens": Vocabulary(["a", "good", "film", "not"]), "labels": Labels(["neg", "pos"])}


@pytest.fixture
def saved(tmp_path, vocabularies):
    return zoo.save(
        tmp_path / "run", small(), vocabularies=vocabularies, recipe={"seed": 1}, metrics={"test": {"f1": 1.0}}
    )


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.each_backend
def test_what_is_loaded_says_what_was_saved(tmp_path, vocabularies):
    model = small()
    folder = zoo.save(tmp_path / "new" / "run", model, vocabularies=vocabularies, metrics={"test": {"f1": 0.5}})
    run = zoo.load(str(folder))
    assert run.predict(TEXTS) == zoo.predict(model, TEXTS, vocabularies=vocabularies)
    assert (run.folder, run.recipe, run.metrics) == (folder, {}, {"test": {"f1": 0.5}})
    assert run.vocabularies["tokens"].tokens == vocabularies["tokens"].tokens
    assert run.vocabularies["labels"].names == ["neg", "pos"]
    assert set(contents(folder)) == {
        *("model.keras", "metrics.json", "manifest.json", "vocabularies/tokens.json", "vocabularies/labels.json")
    }


def test_a_tilde_is_the_home_of_a_person(tmp_path, vocabularies, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    zoo.save("~/run", small(), vocabularies=vocabularies)
    assert zoo.load("~/run").folder == tmp_path / "home" / "run"
    assert not (tmp_path / "~").exists()


def test_vocabularies_of_another_model_do_not_stay(saved, vocabularies):
    zoo.save(saved, small(), vocabularies={"tokens": vocabularies["tokens"]})
    assert set(zoo.load(saved).vocabularies) == {"tokens"}


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("broken", ["zoo.inference.run.write_json", "os.fsync", "keras.Model.save"])
def test_a_full_disk_leaves_the_old_run_byte_for_byte(saved, vocabularies, monkeypatch, broken):
    before = contents(saved)
    monkeypatch.setattr(broken, full)
    with pytest.raises(OSError, match="No space left"):
        zoo.save(saved, small(units=5), vocabularies=vocabularies, metrics={})
    assert contents(saved) == before


def test_a_place_too_small_leaves_the_old_run_byte_for_byte(saved, vocabularies):
    before, limits = contents(saved), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before["model.keras"]) // 2, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            zoo.save(saved, small(units=5), vocabularies=vocabularies, metrics={})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert contents(saved) == before


def test_what_is_no_run(tmp_path, saved):
    with pytest.raises(
        ValueError, match=r"A run is a folder that holds model\.keras\. Received: .*, which does not\.$"
    ):
        zoo.load(tmp_path)
    with pytest.raises(ValueError, match="which does not"):
        zoo.load(saved / "model.keras")
    (tmp_path / "checkpoint.npz").write_bytes(b"")
    with pytest.raises(ValueError, match="its training has not finished: continue it with --resume"):
        zoo.load(tmp_path)


@pytest.mark.parametrize("kept", [0, 100, 5000, -30])
def test_a_truncated_model(saved, kept):
    path = saved / "model.keras"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ValueError, match=r"model\.keras is not the file that was saved with this run"):
        zoo.load(saved)
    (saved / "manifest.json").unlink()
    with pytest.raises(
        ValueError, match=r"model\.keras cannot be read as a Keras model: it is truncated.*Copy it again"
    ):
        zoo.load(saved)


def test_damaged_json(saved):
    (saved / "metrics.json").write_text('{"test": {\n"f1": 1,\n')
    with pytest.raises(ValueError, match=r"metrics\.json:3: expected JSON \(restore it, or remove it\), found"):
        zoo.load(saved)
    (saved / "metrics.json").unlink()
    (saved / "vocabularies" / "labels.json").write_text(json.dumps({"kind": "labels"}))
    (saved / "manifest.json").unlink()
    with pytest.raises(ValueError, match=r"labels\.json:1: expected"):
        zoo.load(saved)


def test_a_run_grows_beside_a_finished_one_and_replaces_it(saved, vocabularies):
    (saved / "own.txt").write_text("mine")
    (saved / "history.csv").write_text("old")
    folder = run_folder(saved)
    assert folder.current == folder and folder.contents[-1] == "restarts"
    renewed = zoo.save(saved / ".next", small(units=5), recipe={"seed": 2})
    (renewed / "alignments.png").write_bytes(b"new")
    assert folder.current.path == renewed
    expected = contents(renewed) | {"own.txt": b"mine"}
    assert zoo.load(saved).recipe == {"seed": 1}
    folder.publish()
    assert contents(saved) == expected
    assert not (saved / "vocabularies").exists()
    assert folder.current == folder
    folder.clear()
    assert contents(saved) == {"own.txt": b"mine", "alignments.png": b"new"}


def test_any_model_can_be_saved(tmp_path):
    inputs = keras.Input((2,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    zoo.save(tmp_path, model)
    np.testing.assert_array_equal(zoo.load(tmp_path).model(np.eye(2)), model(np.eye(2)))
