import contextlib
import csv
import json
import os
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest

import zoo
from tests.conftest import ROOT
from zoo.experiments import run
from zoo.experiments.assembly import recipe_arguments
from zoo.experiments.recipe import load_recipe
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import sentiment


class Poison(keras.callbacks.Callback):
    """What a gradient that explodes does, in the second epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            weights = self.model.get_weights()
            self.model.set_weights([weights[0] * np.nan, *weights[1:]])


def test_the_folder_of_a_run(trained, tiny):
    names = {path.relative_to(trained.folder).as_posix() for path in trained.folder.rglob("*")}
    assert names == {
        *("model.keras", "vocabularies", "vocabularies/tokens.json", "vocabularies/labels.json"),
        *("manifest.json", "recipe.json", "history.csv", "metrics.json", "curves.png", "checkpoint.npz"),
    }
    recipe = json.loads((trained.folder / "recipe.json").read_text())
    assert set(recipe["arguments"]) == set(recipe_arguments(load_recipe("sentiment"), "recurrent"))
    assert recipe["arguments"]["units"] == tiny["units"]
    assert (recipe["seed"], recipe["epochs"], recipe["backend"]) == (0, 1, keras.backend.backend())
    assert recipe["versions"] == {"zoo": zoo.__version__, "keras": keras.__version__}
    assert recipe["data"].startswith("sha256:")
    metrics = json.loads((trained.folder / "metrics.json").read_text())
    others = {"seconds", "parameters", "epochs", "test_inputs_in_training"}
    assert set(metrics) == {"test", "validation", "baseline", *others}
    assert metrics["test_inputs_in_training"] == 0
    assert metrics["parameters"] == sum(weight.size for weight in trained.model.get_weights())
    with open(trained.folder / "history.csv", newline="") as file:
        (epoch,) = csv.DictReader(file)
    assert epoch["epoch"] == "1"
    assert float(epoch["val_accuracy"]) == pytest.approx(metrics["validation"]["accuracy"])


def test_a_name_that_is_no_recipe():
    with pytest.raises(ValueError, match=r"Unknown recipe: 'sentimet'. Did you mean 'sentiment'"):
        load_recipe("sentimet")


def test_a_finished_run_is_not_trained_again(trained, monkeypatch, capsys):
    monkeypatch.setattr(run, "fit", None)
    again = train("sentiment", out=trained.folder, settings=Settings(resume=True))
    assert again.metrics == trained.metrics
    assert "has finished already" in capsys.readouterr().out


def test_other_data_are_not_resumed(trained, tmp_path):
    out = shutil.copytree(trained.folder, tmp_path / "run")
    (out / "metrics.json").unlink()
    record = json.loads((out / "recipe.json").read_text()) | {"data": "sha256:0123456789abcdef"}
    (out / "recipe.json").write_text(json.dumps(record))
    with pytest.raises(ValueError, match=r"The data have changed since .*, then sha256:0123456789abcdef"):
        train("sentiment", out=out, settings=Settings(resume=True, verbose=0))


def test_force_keeps_the_old_run_until_the_new_one_is_saved(trained, tiny, tmp_path, monkeypatch, capsys):
    out = shutil.copytree(trained.folder, tmp_path / "run")
    (out / "letter.txt").write_text("dear")
    force = Settings(epochs=1, seed=5, force=True, verbose=0)
    with pytest.raises(ValueError, match=r"Unknown cell"):
        train("sentiment", out=out, settings=force, **tiny | {"cell": "lstmm"})
    zoo.load(out)  # an error before training touches nothing
    with monkeypatch.context() as patch:
        patch.setattr(run, "save", lambda *_, **__: 1 / 0)
        for _ in range(2):  # the second time there is an unfinished run to replace, too
            with pytest.raises(ZeroDivisionError):
                train("sentiment", out=out, settings=force, **tiny)
            kept = zoo.load(out)
            assert kept.metrics == trained.metrics
            np.testing.assert_array_equal(kept.model.get_weights()[0], trained.model.get_weights()[0])
    renewed = train("sentiment", out=out, settings=Settings(resume=True, verbose=0))
    assert renewed.recipe["seed"] == 5
    assert zoo.load(out).recipe["seed"] == 5
    assert not (out / ".next").exists()
    assert (out / "letter.txt").read_text() == "dear"
    assert capsys.readouterr().out == ""  # verbose=0


def test_another_recipe_s_run_is_no_start(trained, tmp_path):
    settings = Settings(init_from=str(trained.folder), verbose=0)
    with pytest.raises(ValueError, match="--init-from takes a run of surnames.*a run of sentiment"):
        train("surnames", out=tmp_path / "a", settings=settings)
    with pytest.raises(ValueError, match="epochs counts passes over the training data, at least 1. Received: 0"):
        train("surnames", out=tmp_path / "a", settings=Settings(epochs=0))
    assert not (tmp_path / "a").exists()


def test_mixed_precision_is_of_one_run_only(tiny, tmp_path):
    before = keras.config.dtype_policy()
    mixed = train(
        "sentiment",
        out=tmp_path / "mixed",
        settings=Settings(epochs=1, precision="mixed_bfloat16", verbose=0),
        **tiny,
    )
    assert keras.config.dtype_policy() is before
    assert mixed.model.get_layer("stack").compute_dtype == "bfloat16"
    assert all(weight.dtype == "float32" for weight in mixed.model.get_weights())
    loaded = zoo.load(mixed.folder)
    assert loaded.model.get_layer("stack").compute_dtype == "bfloat16"
    texts = ["a good film", "the plot is dull ."]
    assert loaded.predict(texts) == mixed.predict(texts)
    with pytest.raises(ValueError, match=r"Unknown cell"):
        train(
            "sentiment",
            out=tmp_path / "other",
            settings=Settings(precision="mixed_bfloat16", verbose=0),
            **tiny | {"cell": "lstmm"},
        )
    assert keras.config.dtype_policy() is before  # after an error, too


@pytest.mark.tensorflow
def test_what_devices_cannot_share_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "distribution_scope", lambda strategy: contextlib.nullcontext(2))
    with pytest.raises(TypeError, match="Received: ContiguousBatches. Train on one device"):
        train("language_model", out=tmp_path / "run", settings=Settings(quick=True, verbose=0), examples=4000)
    assert not (tmp_path / "run").exists()


def test_a_loss_that_is_not_a_number(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(sentiment, "callbacks", lambda model, splits: [Poison()], raising=False)
    with pytest.raises(
        ValueError, match=r"The loss became NaN in epoch 2 at step 0 .*nan_batch.npz.*lower the learning rate"
    ):
        train("sentiment", out=tmp_path, settings=Settings(epochs=5, verbose=0), **tiny)
    with np.load(tmp_path / "checkpoint.npz") as file:
        assert json.loads(str(file["state"]))["epoch"] == 1
        assert all(np.isfinite(file[name]).all() for name in file.files if name != "state")
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 2
    with np.load(tmp_path / "nan_batch.npz") as batch:
        assert sorted(batch.files) == ["sample_weight", "targets", "tokens"]


# Frames that are sampled, positions, and text by beams; each other recipe decodes as one of them.
WIDE = {
    "forecasting": ("--rows", "400", "--units", "4", "--history", "12"),
    "sorting": ("--batches", "2", "--examples", "10", "--units", "4"),
    "commands": ("--examples", "60", "--units", "4", "--embedding-size", "4"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WIDE)
def test_keras_json_may_ask_for_wide_floats(name, tmp_path):
    """Slow: floatx is read when Keras is imported, so a process of its own trains."""
    (tmp_path / "keras.json").write_text(json.dumps({"floatx": "float64", "backend": keras.backend.backend()}))
    command = [
        sys.executable,
        "-m",
        "zoo.cli.main",
        "train",
        name,
        "--quick",
        "--epochs",
        "1",
        "--verbose",
        "0",
        *WIDE[name],
    ]
    environment = {**os.environ, "KERAS_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command += ["--out", str(tmp_path / "run")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads((tmp_path / "run" / "metrics.json").read_text())["epochs"] == 1
