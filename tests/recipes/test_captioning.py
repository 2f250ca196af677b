from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.image import imread

import zoo
from tests.runs import model_of, splits_of
from zoo.data.readers import pictures
from zoo.data.synthetic import scenes
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import captioning

TINY = {"examples": 60, "shapes": 1, "height": 16, "width": 16, "units": 8, "filters": 4, "region_units": 8}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of an epoch."""
    settings = Settings(quick=True, epochs=1, verbose=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(captioning, "LONGEST", 6)  # long captions take long to draw
        return train("captioning", out=tmp_path_factory.mktemp("runs") / "a", settings=settings, **TINY)


def test_a_quick_run_tells_its_figures_and_draws(run):
    figures = run.metrics["test"]
    assert set(figures) == {
        *("exact", "bleu", "nats", "perplexity", "accuracy", "coverage_deviation", "attention_mass", "uniform_mass")
    }
    assert 0 < figures["uniform_mass"] < 1 and 0 < figures["attention_mass"] < 1
    assert not run.model.get_config()["gated"]


@pytest.mark.slow
def test_scenes_of_two_shapes_are_measured(tmp_path):
    settings = Settings(quick=True, epochs=1, verbose=0)
    test_a_quick_run_tells_its_figures_and_draws(
        train("captioning", out=tmp_path / "a", settings=settings, **{**TINY, "shapes": 2})
    )


def test_attention_that_is_equal_everywhere_has_the_mass_of_chance(run):
    splits = splits_of("captioning", examples=40, shapes=2, height=16, width=16, vocabularies=run.vocabularies)
    model = zoo.load(run.folder).model
    for weight in model.decoder.attention.weights:
        weight.assign(np.zeros(weight.shape))
    found = captioning.attention_mass(model, splits, "test")
    assert found["attention_mass"] == pytest.approx(found["uniform_mass"], rel=1e-5)
    # By hand: of the first test scene alone.
    splits.raw["test"] = splits.raw["test"][:1]
    scene = splits.raw["test"][0]
    shares = [
        scenes.region(shape["box"], (16, 16), model.reading.encoder.grid).mean()
        for shape in scene["objects"]
        for _ in shape["words"]
    ]
    splits.test = type(splits.test)(
        {name: column[:1] for name, column in splits.test.inputs.items()},
        splits.test.targets[:1],
        aligned=True,
        fixed=("picture",),
    )
    assert captioning.attention_mass(model, splits, "test")["uniform_mass"] == pytest.approx(np.mean(shares))


def test_a_file_is_captioned_and_drawn_by_the_command_line(run, tmp_path, command):
    pictures.write(tmp_path / "scene.png", scenes.generate(1, size=16, seed=9)[0]["picture"])
    # The model has hardly learned: that it writes at all is asked of it.
    options = ("--minimum-length", 3, "--maximum-length", 5, "--alignments", tmp_path / "out.png")
    output, errors, code = command("generate", run.folder, tmp_path / "scene.png", *options)
    assert (errors, code) == ("", 0) and output.strip()
    assert imread(tmp_path / "out.png").std() > 0.02
    (tmp_path / "scene.png").write_bytes(b"")
    _, errors, code = command("generate", run.folder, tmp_path / "scene.png")
    assert code and "scene.png: expected a whole picture" in errors


def test_without_attention_there_is_no_mass():
    splits = splits_of("captioning", **{name: TINY[name] for name in ("examples", "shapes", "height", "width")})
    model = model_of("captioning", splits, attention=None, conditioning="both", units=8, filters=4, region_units=8)
    assert captioning.attention_mass(model, splits, "test") == {}
    with pytest.raises(ValueError, match="squares"):
        splits_of("captioning", examples=20, height=16, width=32)


def test_a_folder_of_ones_own(tmp_path):
    for number in range(11):
        pictures.write(tmp_path / f"{number}.png", np.full((8, 6, 3), number, "uint8"))
    rows = "".join(f"{number}.png\tA number.\n{number}.png\tone shade\n" for number in range(11))
    (tmp_path / "captions.tsv").write_text("file\tcaption\n" + rows)
    with pytest.warns(UserWarning, match="resized from 8 x 6 to 8 x 8"):
        splits = splits_of("captioning", data=str(tmp_path), height=8, width=8)
    assert splits.train.examples == 16 and splits.vocabularies["picture"].shape == (8, 8, 3)
    assert splits.raw["test"][0]["captions"] == ["A number.", "one shade"]
    model = model_of("captioning", splits, units=4, filters=4, region_units=4)
    figures = captioning.evaluate(model, splits)
    assert set(figures) == {"exact", "bleu", "nats", "perplexity", "accuracy", "coverage_deviation"}


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore:A picture is resized")
def test_nlvr(real_data):
    splits = splits_of("captioning", data=str(real_data / "nlvr_shapes"), height=10, width=40)
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [459, 88, 556]
    assert splits.vocabularies["picture"].shape == (10, 40, 3)
    assert splits.raw["train"][0]["picture"].shape == (10, 40, 3)


def test_a_model_that_writes_nothing_leaves_no_picture(tmp_path, monkeypatch):
    """The training of such a model must end like any other."""
    monkeypatch.setattr(zoo, "generate", lambda *_, **__: [[SimpleNamespace(tokens=[])]] * 4)
    captioning.plot(SimpleNamespace(attentive=True), splits_of("captioning", examples=40), tmp_path)
    assert not list(tmp_path.iterdir())
