import pytest

from zoo.data.featurizers.drawings import Drawings
from zoo.data.featurizers.forecast_windows import ForecastWindows
from zoo.data.featurizers.images import ImageResizer, VideoFrames
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.featurizers.piano_rolls import PianoRolls
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.dialogues import Utterances
from zoo.data.vocabularies.load import KINDS, load_vocabulary
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.storage.files import DataError

EXAMPLES = [
    Vocabulary(["a"]),
    CopyVocabulary(["b"]),
    Labels(["c"]),
    Utterances(Vocabulary(["d"], lowercase=True), maximum_utterances=3, maximum_words=5),
    PointerVocabulary(),
    LogMelSpectrogram(mel_bins=13),
    ImageResizer(2, 3),
    VideoFrames(4, 5, 1),
    Drawings(scale=2.0),
    PianoRolls(steps_per_beat=4, drums=True),
    ForecastWindows(columns=("a", "b"), target="b", history=3, horizon=2, means=(0.0, 1.0), deviations=(1.0, 2.0)),
]


def test_every_kind_is_loaded_as_what_it_was(tmp_path):
    assert {type(vocabulary) for vocabulary in EXAMPLES} == set(KINDS.values())
    for number, vocabulary in enumerate(EXAMPLES):
        vocabulary.save(tmp_path / f"{number}.json")
        loaded = load_vocabulary(tmp_path / f"{number}.json")
        assert type(loaded) is type(vocabulary)
        loaded.save(tmp_path / "again.json")
        assert (tmp_path / "again.json").read_text() == (tmp_path / f"{number}.json").read_text()


@pytest.mark.parametrize("content", ['{"kind": "run"}', "[]", "{"])
def test_any_other_file_is_an_error(tmp_path, content):
    path = tmp_path / "target.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"target\.json:1"):
        load_vocabulary(path)


@pytest.mark.parametrize(
    "content",
    [
        '{"kind": "labels", "names": []}',
        '{"kind": "labels", "names": [["a"]]}',
        '{"kind": ["labels"]}',
        '{"kind": "pictures", "height": "64"}',
        '{"kind": "pictures", "height": true}',
        '{"kind": "pictures", "height": 1000000000}',
        '{"kind": "pictures", "height": 1000000, "width": 1000000}',
        '{"kind": "clips", "channels": 3.0}',
        '{"kind": "sound", "stride": 1e999}',
        '{"kind": "sound", "window": 1e300}',
        '{"kind": "sound", "normalized": 1}',
        '{"kind": "drawings", "scale": 1e999}',
        '{"kind": "utterances", "maximum_utterances": 1, "maximum_words": 1, "lowercase": true, "tokens": [1]}',
        '{"kind": "vocabulary", "level": "word", "lowercase": true, "tokens": ' + "[" * 5000,
    ],
)
def test_settings_that_would_fail_in_use(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(DataError, match=r"a\.json:1: expected"):
        load_vocabulary(tmp_path / "a.json")
