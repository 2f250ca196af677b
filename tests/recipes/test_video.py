from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.image import imread

import zoo
from tests.runs import splits_of
from zoo.data.readers import pictures
from zoo.data.synthetic import clips
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import video

TINY = {"examples": 60, "turns": 1, "size": 16, "units": 8, "region_units": 8}
SETTINGS = Settings(quick=True, epochs=1, verbose=0)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of an epoch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(video, "LONGEST", 6)  # long captions take long to draw
        patch.setattr(clips, "LEGS", (2, 2))  # films of one length: batches of one shape
        return train("video", out=tmp_path_factory.mktemp("runs") / "a", settings=SETTINGS, **TINY)


def test_a_quick_run_tells_its_figures(run):
    figures = run.metrics["test"]
    assert set(figures) == {
        *("exact", "bleu", "nats", "perplexity", "accuracy", "coverage_deviation", "alignment_hits", "uniform_hits")
    }
    assert 0.3 < figures["uniform_hits"] < 0.8


@pytest.mark.slow
def test_films_of_all_lengths_are_measured(tmp_path):
    test_a_quick_run_tells_its_figures(train("video", out=tmp_path / "a", settings=SETTINGS, **TINY))


def test_a_peak_counts_where_the_shape_moves_so(run, monkeypatch):
    splits = splits_of("video", examples=40, turns=1, size=16, vocabularies=run.vocabularies)
    model = zoo.load(run.folder).model

    def peaks(which):
        def predict(inputs):
            found = np.zeros((*inputs["target"].shape, inputs["source"].shape[1]))
            for place, (frames, length) in enumerate(zip(inputs["source"], inputs["source_lengths"], strict=True)):
                same = [
                    one
                    for one in splits.raw["test"]
                    if np.array_equal(np.float32(one["source"] / 255), frames[:length])
                ]
                for word, first, last in same[0]["legs"] if same else ():
                    found[place, word, which(first, last)] = 1
            return {"alignment": found}

        return predict

    monkeypatch.setattr(model, "predict_on_batch", peaks(lambda first, last: last))
    assert video.alignment_hits(model, splits, "test")["alignment_hits"] == 1
    monkeypatch.setattr(model, "predict_on_batch", peaks(lambda first, last: (last + 1) if first == 0 else (first - 1)))
    assert video.alignment_hits(model, splits, "test")["alignment_hits"] == 0


def test_a_film_is_captioned_and_drawn_by_the_command_line(run, tmp_path, command):
    pictures.write(tmp_path / "clip.gif", clips.generate(1, size=16, seed=9)[0]["frames"])
    options = ("--minimum-length", 3, "--maximum-length", 5, "--alignments", tmp_path / "out.png")
    with pytest.warns(UserWarning, match="mode P to RGB"):
        output, errors, code = command("generate", run.folder, tmp_path / "clip.gif", *options)
    assert (errors, code) == ("", 0) and output.strip()
    assert imread(tmp_path / "out.png").std() > 0.02


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:A picture is converted")
def test_a_label_is_the_path(tmp_path, command):
    tiny = {name: size for name, size in TINY.items() if name != "region_units"}
    run = train("video", out=tmp_path / "run", settings=SETTINGS, **{**tiny, "examples": 200}, task="label")
    assert set(run.metrics["test"]) == {"accuracy", "f1", "nats"}
    assert len(run.vocabularies["labels"]) == 12
    clip = clips.generate(1, size=16, turns=1, seed=9)[0]
    pictures.write(tmp_path / "clip.gif", clip["frames"])
    output, errors, code = command("predict", run.folder, tmp_path / "clip.gif")
    assert (errors, code) == ("", 0)
    (said,) = run.predict([clip["frames"]])
    assert said.output in run.vocabularies["labels"].names and " then " in output


@pytest.mark.filterwarnings("ignore:A picture is converted")
def test_ones_own_clips(tmp_path):
    for number in range(11):
        shades = 20 * number + 5 * np.arange(2 + number % 2, dtype="uint8")  # frames that are alike would become one
        pictures.write(tmp_path / f"{number}.gif", np.tile(shades[:, None, None, None], (1, 8, 8, 3)))
    rows = "".join(f"{number}.gif\t{'odd' if number % 2 else 'even'}\n" for number in range(11))
    (tmp_path / "captions.tsv").write_text("file\tcaption\n" + rows)
    with pytest.warns(UserWarning, match="mode P to RGB"):
        labels = splits_of("video", task="label", data=str(tmp_path), size=8)
    assert labels.vocabularies["labels"].names == ["even", "odd"]
    assert [label for _, label in labels.raw["test"]] == ["even", "even"]
    captions = splits_of("video", data=str(tmp_path), size=8, vocabularies=None)
    assert {len(one["source"]) for one in captions.raw["train"]} == {2, 3}
    with pytest.raises(ValueError, match="caption"):
        splits_of("video", task="captions")


def test_a_model_that_writes_nothing_leaves_no_picture(tmp_path, monkeypatch):
    """The training of such a model must end like any other."""
    monkeypatch.setattr(zoo, "generate", lambda *_, **__: [[SimpleNamespace(tokens=[])]] * 4)
    video.plot(SimpleNamespace(attentive=True, reduction=1), splits_of("video", task="caption", examples=40), tmp_path)
    assert not list(tmp_path.iterdir())
