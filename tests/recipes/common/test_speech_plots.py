"""Alignments of spellers and posteriors of recognizers over spectrograms: their rows, names, titles and panels."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.inference.codec import Hypothesis
from zoo.recipes.common import speech_plots
from zoo.recipes.common.speech_plots import plot_outputs, plot_posteriors, plot_spelling, plot_strings

DIGITS = Vocabulary(["four", "seven"])  # ids 4 and 5


@dataclass(frozen=True)
class Counts(Featurizer):
    """A sound is the number of its frames."""

    KIND: ClassVar[str] = "counts"
    stride: float = 20.0

    def encode(self, value):
        return np.arange(3.0 * value).reshape(value, 3)


class Model:
    """Scores by the number of frames; of a recognizer with a mask."""

    reduction = 2

    def __init__(self, outputs):
        self.outputs = outputs

    def predict_on_batch(self, inputs):
        frames, (count,) = inputs["frames"], inputs["lengths"]
        assert frames.shape == (1, count, 3)
        outputs = np.asarray(self.outputs[int(count)])[None]
        return {"scores": outputs, "mask": np.ones(outputs.shape[:2], bool)} if self.recognizes else outputs


class Recognizer(Model):
    recognizes = True


class Labeller(Model):
    recognizes = False


def transcripts(outputs, labels):
    """Stands for the beam search: how many steps each output has, in words."""
    return [[(f"{len(output['scores'])} steps", 0.0)] for output in outputs]


@pytest.fixture(autouse=True)
def _recognizers(monkeypatch):
    monkeypatch.setattr(speech_plots.ctc, "transcribes", lambda model: isinstance(model, Recognizer))
    monkeypatch.setattr(speech_plots.ctc, "transcripts", transcripts)


@pytest.fixture
def sounds(monkeypatch):
    """The arguments of the plot: sounds with their rows, and options by name."""
    received = SimpleNamespace(panels=[], options={})

    def plot(panels, path, **options):
        received.panels, received.options = panels, options
        path.write_bytes(b"picture")

    monkeypatch.setattr(speech_plots, "plot_over_sound", plot)
    return received


@pytest.fixture
def figures(monkeypatch):
    """The figures beside their files."""
    figures, save = [], Figure.savefig

    def savefig(figure, *arguments, **options):
        figures.append(figure)
        save(figure, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", savefig)
    return figures


def spelling(tokens, places, *, finished=True):
    """An output with a row of weights for every token and for its end; none of them where there are no places."""
    weights = np.eye(places)[[*range(len(tokens)), *[places - 1] * finished]] if places else None
    trace = {} if weights is None else {"alignment": weights}
    return [Hypothesis(tokens, " ".join(tokens), 0.0, 0.0, finished, trace=trace)]


def test_a_speller_has_a_row_for_every_token(sounds, tmp_path):
    outputs = [spelling(["four", "seven"], 3), spelling([], 3), spelling(["four"], 0), spelling(["seven"], 2)]
    model, path = SimpleNamespace(reduction=2), tmp_path / "alignments.png"
    plot_spelling(outputs, [6, 5, 6, 4], Counts(), model, path, ["a", "b", "c", "d"])
    first, last = sounds.panels
    np.testing.assert_array_equal(first.rows, [[1, 0, 0], [0, 1, 0]])  # not that of the end
    np.testing.assert_array_equal(first.frames, np.arange(18.0).reshape(6, 3))
    assert (first.names, first.title, first.reference) == (["four", "seven"], "four seven", "a")
    assert (len(last.frames), last.names, last.reference) == (4, ["seven"], "d")
    assert sounds.options == {"stride": 20.0, "reduction": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["alignments.png"]


def test_a_model_without_a_pyramid_has_a_place_a_frame(sounds, tmp_path):
    plot_spelling([spelling(["four"], 3)], [3], Counts(), SimpleNamespace(), tmp_path / "alignments.png")
    assert sounds.options["reduction"] == 1


def test_outputs_without_tokens_are_no_picture(sounds, tmp_path):
    with pytest.raises(ValueError, match="There is no alignment to draw"):
        plot_spelling([spelling([], 3)], [3], Counts(), SimpleNamespace(), tmp_path / "alignments.png")
    assert not list(tmp_path.iterdir())


def test_answers_are_drawn_with_the_vocabulary_of_the_run(sounds, tmp_path):
    run = SimpleNamespace(vocabularies={"source": Counts(stride=5.0)}, model=SimpleNamespace(reduction=4))
    plot_outputs([spelling(["four"], 2)], [8], tmp_path / "alignments.png", run)
    assert sounds.options == {"stride": 5.0, "reduction": 4}


def test_symbols_stand_in_the_order_of_their_peaks(sounds, tmp_path):
    # Of the blank, three special symbols, four and seven; scores are no log-probabilities yet.
    shares = np.array([[0.9, 0, 0, 0, 0.04, 0.06], [0.2, 0.02, 0, 0, 0.0, 0.78], [0.3, 0.04, 0, 0, 0.66, 0]]) + 1e-9
    model = Recognizer({6: np.log(shares) + 3.0})
    vocabularies = {"frames": Counts(), "labels": DIGITS}
    plot_posteriors(model, [6, 6], vocabularies, tmp_path / "labels.png", ["seven four", "four"])
    first, second = sounds.panels
    # The blank stands last, wherever it peaks; symbols that stay below 0.05 are left out.
    assert first.names == ["seven", "four", "(blank)"]
    np.testing.assert_allclose(first.rows, [[0.06, 0.78, 0], [0.04, 0, 0.66], [0.9, 0.2, 0.3]], atol=1e-6)
    assert [(panel.title, panel.reference) for panel in (first, second)] == [
        ("3 steps", "seven four"),
        ("3 steps", "four"),
    ]
    assert sounds.options == {"stride": 20.0, "reduction": 2}


def test_labels_of_frames_are_probabilities_already(sounds, tmp_path):
    labels = Labels(["four", "nine", "silence"])
    shares = [[0.0, 0.04, 0.96], [0.3, 0.02, 0.68], [0.9, 0.01, 0.09]]
    model = Labeller({3: shares})
    plot_posteriors(model, [3], {"frames": Counts(), "labels": labels}, tmp_path / "labels.png")
    (panel,) = sounds.panels
    assert panel.names == ["silence", "four"]
    np.testing.assert_allclose(panel.rows, [[0.96, 0.68, 0.09], [0.0, 0.3, 0.9]])
    # The first label is no blank: by its peak it may stand above others.
    model = Labeller({3: shares[::-1]})
    plot_posteriors(model, [3], {"frames": Counts(), "labels": labels}, tmp_path / "labels.png")
    assert sounds.panels[0].names == ["four", "silence"]


def test_a_model_without_a_likely_symbol_has_one_row(sounds, tmp_path):
    """Barely trained on many symbols, it gives none more than 0.05; the picture must not stop the training."""
    shares = np.full((3, 25), 0.04)
    shares[:, 3] = 0.045
    model = Labeller({3: shares.tolist()})
    labels = Labels([f"label {number:02d}" for number in range(25)])
    plot_posteriors(model, [3], {"frames": Counts(), "labels": labels}, tmp_path / "labels.png")
    assert sounds.panels[0].names == ["label 03"]
    np.testing.assert_allclose(sounds.panels[0].rows, [[0.045] * 3])


def make_splits(vocabularies, test, aligned=False):
    part = SimpleNamespace(aligned=aligned, targets=[np.zeros(3)])
    return SimpleNamespace(vocabularies=vocabularies, train=part, validation=part, test=part, raw={"test": test})


def test_a_speller_is_drawn_on_the_first_test_strings(sounds, monkeypatch, tmp_path):
    received = {}

    def generate(model, examples, **options):
        received.update(options, examples=examples)
        return [spelling(tokens, 4) for tokens in (["four"], [], ["seven", "four"])]

    monkeypatch.setattr(speech_plots.zoo, "generate", generate)
    vocabularies = {"source": Counts(), "target": DIGITS}
    test = [{"source": number, "target": "four"} for number in (8, 7, 7, 9)]
    plot_strings(SimpleNamespace(reduction=2), make_splits(vocabularies, test), tmp_path)
    assert received == {
        "examples": [{"source": 8}, {"source": 7}, {"source": 7}],  # without their targets
        "vocabularies": vocabularies,
        "maximum_length": 3 + 5,
    }
    assert [panel.names for panel in sounds.panels] == [["four"], ["seven", "four"]]
    assert [panel.reference for panel in sounds.panels] == ["four", "four"]
    assert [path.name for path in tmp_path.iterdir()] == ["alignments.png"]


def test_a_speller_that_writes_nothing_has_no_picture(monkeypatch, tmp_path):
    monkeypatch.setattr(speech_plots.zoo, "generate", lambda model, examples, **_: [spelling([], 4)] * len(examples))
    splits = make_splits({"source": Counts(), "target": DIGITS}, [{"source": 8, "target": "four"}])
    plot_strings(SimpleNamespace(), splits, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("aligned", "truths"), [(False, ["a", "b", "c"]), (True, ["", "", ""])])
def test_recognizers_have_their_truth_and_labels_of_frames_none(sounds, tmp_path, aligned, truths):
    outputs = {3: np.log(np.full((3, 6), 1 / 6))} if not aligned else {3: np.full((3, 2), 0.5)}
    labels = Labels(["four", "silence"]) if aligned else DIGITS
    splits = make_splits({"frames": Counts(), "labels": labels}, [(3, text) for text in "abcd"], aligned)
    plot_strings(Labeller(outputs) if aligned else Recognizer(outputs), splits, tmp_path)
    assert [panel.reference for panel in sounds.panels] == truths
    assert [panel.title for panel in sounds.panels] == ([""] * 3 if aligned else ["3 steps"] * 3)
    assert [path.name for path in tmp_path.iterdir()] == ["labels.png"]


def test_single_digits_and_texts_have_no_picture(sounds, tmp_path):
    for vocabularies in ({"frames": Counts(), "labels": Labels(["four"])}, {"target": DIGITS}):
        plot_strings(None, make_splits(vocabularies, [(3, "four")]), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_drawing_of_a_sound(figures, tmp_path):
    """Of a real spectrogram: half a second that rises from 500 to 2000 hertz, spelled by a pyramid."""
    time = np.arange(4000) / 8000
    samples = np.sin(2 * np.pi * (500 + 1500 * time) * time).astype("float32")
    sense = LogMelSpectrogram(stride=25.0, mel_bins=8)
    outputs = [spelling(["four", "seven"], 10), spelling(["seven"], 10)]
    path = tmp_path / "alignments.png"
    plot_spelling(outputs, [(8000, samples)] * 2, sense, SimpleNamespace(reduction=2), path)
    (figure,) = figures
    rows, spectrogram, others, _, scale = figure.axes  # two panels a sound, then the colours of the weights
    assert [label.get_text() for label in rows.get_yticklabels()] == ["four", "seven"]
    assert [label.get_text() for label in others.get_yticklabels()] == ["seven"]
    assert (rows.get_title(loc="left"), others.get_title(loc="left")) == ("four seven", "seven")
    assert rows.get_xlim() == spectrogram.get_xlim() == (0, 0.5)
    assert spectrogram.images[0].get_array().shape == (8, 20)
    # The pitch rises: the loudest band, over the mean of each, is a lower one at the beginning than at the end.
    bands = spectrogram.images[0].get_array().argmax(axis=0)
    assert bands[2:6].max() < bands[-6:-2].min()
    assert scale.get_position().x0 > rows.get_position().x1
    height, width, _ = imread(path).shape
    assert (width, height) == tuple(np.round(figure.get_size_inches() * figure.dpi).astype(int))
