from types import SimpleNamespace

import keras
import numpy as np
import pytest

import zoo
from tests.runs import model_of, splits_of
from zoo.data.readers import pictures as files
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import pixels

TINY = {"examples": 200, "height": 6, "width": 7, "units": 8, "kernel": 3}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short run, to be read only."""
    settings = Settings(quick=True, epochs=1, verbose=0)
    return train("pixels", out=tmp_path_factory.mktemp("runs") / "run", settings=settings, **TINY)


def test_a_short_run_is_measured_and_draws(run):
    assert set(run.metrics["test"]) == {"nats", "bits"}
    assert np.isfinite([*run.metrics["test"].values(), run.metrics["baseline"]["independent_nats"]]).all()
    for name in ("samples.png", "completions.png"):
        assert (run.folder / name).stat().st_size > 5000


@pytest.mark.slow
def test_a_quick_run_learns_and_draws(tmp_path):
    settings = Settings(quick=True, epochs=3, verbose=0)
    run = train("pixels", out=tmp_path / "run", settings=settings, **TINY)
    assert set(run.metrics["test"]) == {"nats", "bits"}
    assert run.metrics["test"]["nats"] < 0.9 * run.metrics["baseline"]["independent_nats"]
    for name in ("samples.png", "completions.png"):
        assert (run.folder / name).stat().st_size > 5000


def test_nats_are_of_whole_pictures_and_bits_of_pixels(run):
    """By the scores of the loaded model, picture by picture."""
    model = zoo.load(run.folder).model
    nats = []
    for picture in splits_of("pixels", examples=200, height=6, width=7).raw["test"]:
        values = picture["target"]
        before = np.concatenate([np.zeros_like(values[:1]), values[:-1]])
        scores = keras.ops.convert_to_numpy(model({"target": before[None]})["scores"][0]).astype("float64")
        nats.append(np.logaddexp(0, np.where(values == 1, -scores, scores)).sum())
    assert run.metrics["test"]["nats"] == pytest.approx(np.mean(nats), rel=1e-4)
    assert run.metrics["test"]["bits"] == pytest.approx(np.mean(nats) / 42 / np.log(2), rel=1e-4)


def test_generate_writes_whole_pictures(run, command, tmp_path):
    output, _, code = command("generate", run.folder, "--count", 3, "--seed", 1, "--out", tmp_path / "drawn")
    assert code == 0
    assert output.split() == [str(tmp_path / "drawn" / f"{number}_0.png") for number in range(3)]
    found, mode = files.read(tmp_path / "drawn" / "2_0.png", channels=1)
    assert (found.shape, mode) == ((6, 7, 1), "L")
    assert set(np.unique(found)) <= {0, 255}
    [*_, (last,)] = zoo.load(run.folder).generate(3, decoder="sampling", seed=1)
    np.testing.assert_array_equal(found.reshape(-1), 255 * last.tokens[:, 0])


def test_without_a_file_a_picture_is_shown_in_characters(run, command):
    output, errors, code = command("generate", run.folder, "--seed", 1)
    assert code == 0 and "--out FILE.png, or --out FOLDER" in errors
    ((drawn,),) = zoo.load(run.folder).generate(1, decoder="sampling", seed=1)
    rows = ["".join("@@" if white else "  " for white in row).rstrip() for row in drawn.tokens.reshape(6, 7) == 1]
    assert output == "\n".join(rows) + "\n"


def test_greys_are_shades_and_large_pictures_smaller():
    model = SimpleNamespace(distribution=SimpleNamespace(size=10), stack=SimpleNamespace(picture_shape=(2, 130)))
    tokens = np.repeat(np.arange(10.0), 26)[:, None]
    shown = pixels.format_output(SimpleNamespace(tokens=tokens), SimpleNamespace(model=model))
    assert shown == " " * 18 + "." * 18 + ":" * 16 + "-" * 18 + "=" * 18


def test_the_upper_half_of_a_picture_is_completed(run, command, tmp_path):
    picture = np.random.default_rng(0).integers(0, 2, (6, 7, 1)) * 1.0
    files.write(tmp_path / "digit.png", picture)
    arguments = ["generate", run.folder, tmp_path / "digit.png", "--seed", 1, "--out", tmp_path / "whole.png"]
    assert command(*arguments) == (f"{tmp_path / 'whole.png'}\n", "", 0)
    completed, _ = files.read(tmp_path / "whole.png", channels=1)
    np.testing.assert_array_equal(completed[:3] / 255, picture[:3])
    assert (completed[3:] / 255 != picture[3:]).any()
    errors = command("generate", run.folder, "seven")[1]
    assert errors == "zoo: A prefix is the path of a picture. Received: seven, which is no file.\n"


def test_other_pictures_are_made_of_the_size_that_the_model_says(run, command, tmp_path):
    for number in range(20):
        files.write(tmp_path / f"{number}.png", np.random.default_rng(number).random((9, 9, 1)))
    with pytest.warns(UserWarning, match="resized from 9 x 9 to 6 x 7"):
        output, _, code = command("evaluate", run.folder, "--data", tmp_path, "--split", "all")
    assert code == 0
    assert "Pictures: 20 resized from 9 x 9 to 6 x 7" in output
    assert "all: nats" in output


@pytest.mark.parametrize(
    "name",
    ["raster_lstm", *(pytest.param(name, marks=pytest.mark.slow) for name in pixels.MODELS if name != "raster_lstm")],
)
def test_every_model_with_levels(name):
    splits = splits_of("pixels", examples=30, height=4, width=4, levels=5)
    model = model_of("pixels", splits, model=name, levels=5, units=3, layers=1, kernel=3, schedule="constant")
    figures = pixels.evaluate(model, splits)
    assert figures["nats"] == pytest.approx(16 * np.log(5), rel=0.2)  # it knows nothing yet
    assert pixels.baseline(splits)["independent_nats"] > 0
    drawn = pixels.shown(zoo.generate(model, 1, decoder="sampling", seed=0)[0][0], model)
    assert set(np.round(np.unique(drawn) * 4, 4)) <= {0, 1, 2, 3, 4}


def test_what_cannot_be():
    with pytest.raises(ValueError, match="binary"):
        splits_of("pixels", binary="sample")
    with pytest.raises(ValueError, match=r"at least 2 \(black and white\). Received: 1"):
        splits_of("pixels", levels=1)


@pytest.mark.slow
@pytest.mark.real_data
def test_digits(real_data):
    splits = splits_of("pixels", data=str(real_data / "mnist_t10k"))
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [8000, 1000, 1000]
    assert splits.vocabularies["picture"].shape == (28, 28, 1)
    assert pixels.baseline(splits)["independent_nats"] == pytest.approx(213, abs=1)
