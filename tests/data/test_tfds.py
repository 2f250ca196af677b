import numpy as np
import pytest
import tensorflow_datasets as tfds

from zoo.data import tfds as reader

ROWS = [("a fine film", "pos", ["a", "fine"], ["DET", "ADJ"]), ("schön öde", "neg", ["öde"], ["ADJ"])]


class TinyReviews(tfds.core.GeneratorBasedBuilder):
    """Two reviews in two languages."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        features = {
            "text": tfds.features.Text(),
            "label": tfds.features.ClassLabel(names=["neg", "pos"]),
            "tokens": tfds.features.Sequence(tfds.features.Text()),
            "tags": tfds.features.Sequence(tfds.features.ClassLabel(names=["ADJ", "DET"])),
            "frames": tfds.features.Tensor(shape=(None, 2), dtype=np.float32),
        }
        return self.dataset_info_from_configs(features=tfds.features.FeaturesDict(features))

    def _split_generators(self, manager):
        return {"train": self._generate_examples(), "test": self._generate_examples()}

    def _generate_examples(self):
        for number, (text, label, tokens, tags) in enumerate(ROWS):
            frames = np.full((number + 1, 2), number, "float32")
            yield number, {"text": text, "label": label, "tokens": tokens, "tags": tags, "frames": frames}


@pytest.fixture(scope="module", params=["tfrecord", "array_record"])
def folder(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param)
    TinyReviews(data_dir=path, file_format=request.param).download_and_prepare()
    return path


def test_texts_and_labels_come_as_strings(folder):
    pairs = reader.load("tfds:tiny_reviews", "train", "text", "label", folder=folder)
    assert sorted(pairs) == sorted((text, label) for text, label, _, _ in ROWS)


def test_sequences_come_as_lists(folder):
    pairs = reader.load("tiny_reviews", "test", "tokens", "tags", folder=folder)
    assert sorted(pairs) == sorted((tokens, tags) for _, _, tokens, tags in ROWS)


def test_tensors_come_as_arrays(folder):
    pairs = reader.load("tiny_reviews", "train", "frames", "label", folder=folder)
    for frames, label in pairs:
        number = [row[1] for row in ROWS].index(label)
        np.testing.assert_array_equal(frames, np.full((number + 1, 2), number))


def test_a_part_of_a_split(folder):
    assert len(reader.load("tiny_reviews", "train[:50%]", "text", "label", folder=folder)) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("dev", "text", "label"), r"splits \['all', 'test', 'train'\]. Received: 'dev'"),
        (("train", "words", "label"), "Received: 'words'"),
        (("train", "text", "stars"), "Received: 'stars'"),
    ],
)
def test_unknown_splits_and_features_are_errors(folder, arguments, message):
    with pytest.raises(ValueError, match=message):
        reader.load("tiny_reviews", *arguments, folder=folder)


def test_a_set_that_is_not_prepared_is_an_error_at_once(tmp_path, monkeypatch):
    def download(*_, **__):
        raise AssertionError("nothing may be downloaded")

    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", download)
    with pytest.raises(ValueError, match="tfds build imdb_reviews.*--manual_dir.*TFDS_DATA_DIR"):
        reader.load("tfds:imdb_reviews", "train", "text", "label", folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_unknown_set_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="Received: 'no_such_reviews'.*TFDS_DATA_DIR"):
        reader.load("no_such_reviews", "train", "text", "label", folder=tmp_path)
