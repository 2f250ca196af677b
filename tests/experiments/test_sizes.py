from types import SimpleNamespace

from zoo.data.featurizers.images import ImageResizer, VideoFrames
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.experiments.sizes import sizes_of


def sizes(**vocabularies):
    return sizes_of(SimpleNamespace(vocabularies=vocabularies))


def test_vocabularies_decide_sizes():
    found = sizes(tokens=range(7), labels=range(3), characters=range(5))
    assert found == {"vocabulary_size": 7, "outputs": 3, "character_vocabulary_size": 5}
    assert sizes(source=range(7), target=range(9)) == {
        "source_vocabulary_size": 7,
        "target_vocabulary_size": 9,
        "vocabulary_size": 9,
    }
    assert sizes(label=range(4)) == {"classes": 4}


def test_featurizers_decide_widths():
    sound = LogMelSpectrogram(mel_bins=12)
    assert sizes(frames=sound, labels=range(3)) == {"features": 12, "outputs": 3}
    assert sizes(source=sound, target=range(9))["source_features"] == 12
    assert "source_vocabulary_size" not in sizes(source=sound)


def test_images_and_clips_decide_a_shape():
    assert sizes(picture=ImageResizer(4, 6))["picture_shape"] == (4, 6, 3)
    assert sizes(source=VideoFrames(4, 4))["picture_shape"] == (4, 4, 3)
