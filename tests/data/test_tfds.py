import sys

import numpy as np
import pytest
import tensorflow_datasets as tfds

from zoo.data import tfds as reader


def load(name, split, *features, folder=None):
    """The values of features of all examples of a split."""
    return list(reader.DataSet(name, folder=folder).rows(split, features))


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
            "grade": tfds.features.ClassLabel(names=["one", "two"]),
            "numbers": tfds.features.Sequence(np.int32),
            "marks": tfds.features.Sequence({"word": tfds.features.Text(), "place": np.int64}),
            "of": {"year": np.int32},
            "of/name": tfds.features.Text(),
            "bytes": np.str_,
            "sound": tfds.features.Audio(sample_rate=8000),
        }
        return self.dataset_info_from_configs(features=tfds.features.FeaturesDict(features))

    def _split_generators(self, manager):
        return {"train": self._generate_examples(), "test": self._generate_examples()}

    def _generate_examples(self):
        for number, (text, label, tokens, tags) in enumerate(ROWS):
            frames = np.full((number + 1, 2), number, "float32")
            more = {
                "grade": -1 if number else "two",
                "numbers": [3, 1][: number + 1],
                "marks": [{"word": token, "place": place} for place, token in enumerate(tokens)],
                "of": {"year": 1999 + number},
                "of/name": f"film {number}",
                "bytes": b"\xff\x00MT",
                "sound": np.array([0, 5, -7]),
            }
            yield number, more | {"text": text, "label": label, "tokens": tokens, "tags": tags, "frames": frames}


@pytest.fixture(scope="module", params=["tfrecord", "array_record"])
def folder(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param)
    TinyReviews(data_dir=path, file_format=request.param).download_and_prepare()
    return path


def test_texts_and_labels_come_as_strings(folder):
    pairs = load("tfds:tiny_reviews", "train", "text", "label", folder=folder)
    assert sorted(pairs) == sorted((text, label) for text, label, _, _ in ROWS)


def test_sequences_come_as_lists(folder):
    pairs = load("tiny_reviews", "test", "tokens", "tags", folder=folder)
    assert sorted(pairs) == sorted((tokens, tags) for _, _, tokens, tags in ROWS)


def test_tensors_come_as_arrays(folder):
    pairs = load("tiny_reviews", "train", "frames", "label", folder=folder)
    for frames, label in pairs:
        number = [row[1] for row in ROWS].index(label)
        np.testing.assert_array_equal(frames, np.full((number + 1, 2), number))


def told(folder, *features, name="tiny_reviews"):
    found = list(reader.DataSet(name, folder=folder).rows("train", ("label", *features)))
    return [row[1:] for row in sorted(found, key=lambda row: row[0], reverse=True)]


def test_what_a_set_has(folder):
    found = reader.DataSet("tfds:tiny_reviews[:50%]", folder=folder)
    assert (found.name, sorted(found.splits), found.translates) == ("tiny_reviews", ["test", "train"], None)
    assert {"text", "marks", "marks/word", "of", "of/year", "of/name"} <= set(found.features)
    assert found.numbers == []
    assert len(list(found.rows("train", ("text",)))) == 1


def test_a_few_examples_are_read_from_all_over_a_split(folder, monkeypatch):
    found = reader.DataSet("tiny_reviews", folder=folder)
    assert found.size("train") == 2
    assert len(list(found.rows("train", ("text",), count=1))) == 1
    assert len(list(found.rows("train", ("text",), count=5))) == 2
    part = reader.DataSet("tiny_reviews[:50%]", folder=folder)
    assert part.size("train") == len(list(part.rows("train", ("text",), count=2))) == 1
    monkeypatch.setattr(found, "size", lambda split: 1000)
    monkeypatch.setattr(reader, "BLOCKS", 4)
    assert found._spread("train", 10) == "train[0:2]+train[250:253]+train[500:502]+train[750:753]"
    assert found._spread("train", 2) == "train[0:1]+train[500:501]"
    assert found._spread("train", 1000) == "train"
    monkeypatch.setattr(found, "_spread", lambda split, count: "train[0:1]+train[1:2]")
    assert len(list(found.rows("train", ("text",), count=2))) == 2


def test_features_within_others(folder):
    assert told(folder, "marks/word", "of/year", "of/name") == [
        (["a", "fine"], 1999, "film 0"),
        (["öde"], 2000, "film 1"),
    ]
    (places,), _ = told(folder, "marks/place")
    assert places.tolist() == [0, 1]


def test_numbers_sounds_bytes_and_classes_that_are_not_known(folder):
    first, second = told(folder, "grade", "numbers", "bytes", "sound")
    assert (first[0], second[0]) == ("two", None)
    assert (first[1].tolist(), second[1].tolist()) == ([3], [3, 1])
    assert first[2] == b"\xff\x00MT"
    assert first[3][0] == 8000
    assert first[3][1].tolist() == [0, 5, -7]


def test_a_part_of_a_split(folder):
    assert len(load("tiny_reviews", "train[:50%]", "text", "label", folder=folder)) == 1


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
        load("tiny_reviews", *arguments, folder=folder)


@pytest.fixture
def untouched(tmp_path, monkeypatch):
    """A folder in which nothing may be prepared."""

    def prepare(*_, **__):
        raise AssertionError("nothing may be downloaded")

    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", prepare)
    yield tmp_path
    assert not list(tmp_path.glob("*/**/*.json"))


def test_a_set_whose_host_is_silent_is_an_error_at_once(untouched, monkeypatch):
    asked = []
    monkeypatch.setattr(reader, "unreachable", lambda urls: asked.extend(urls) or ["ai.stanford.edu"])
    message = (
        r"prepared in .*, or can be fetched. Received: 'imdb_reviews', which does not, and ai.stanford.edu cannot be "
        r"reached.*`tfds build imdb_reviews --manual_dir DIR`.*downloads.manual.*TFDS_DATA_DIR"
    )
    with pytest.raises(ValueError, match=message):
        load("tfds:imdb_reviews", "train", "text", "label", folder=untouched)
    assert asked == ["http://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"]


def test_where_no_checksums_are_the_builder_names_the_host(untouched, monkeypatch):
    asked = []
    monkeypatch.setattr(reader, "unreachable", lambda urls: asked.extend(urls) or ["storage.googleapis.com"])
    with pytest.raises(ValueError, match="cannot be reached"):
        reader.DataSet("genomics_ood", folder=untouched)
    assert asked == ["gs://tfds-data/downloads/genomics_ood/genomics_ood.zip"]


def test_a_set_whose_files_are_fetched_by_hand_says_where_they_belong(untouched):
    with pytest.raises(ValueError, match=r"webvid.*only you can fetch: .*csv.*tfds build webvid.*downloads.manual"):
        reader.DataSet("webvid", folder=untouched)


def test_a_set_that_can_be_fetched_is_prepared_and_that_is_told(tmp_path, capsys):
    assert len(load("tiny_reviews", "train", "text", "label", folder=tmp_path)) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith(f"tfds:tiny_reviews is prepared in {tmp_path}, once.")
    load("tiny_reviews", "test", "text", "label", folder=tmp_path)
    assert "is prepared" not in capsys.readouterr()[1]


def test_a_builder_that_fails_is_an_error_with_the_remedy(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("no such host")

    monkeypatch.setattr(TinyReviews, "_split_generators", fail)
    with pytest.raises(ValueError, match=r"failed with OSError: no such host.*tfds build tiny_reviews --manual_dir"):
        reader.DataSet("tiny_reviews", folder=tmp_path)


def test_another_version_on_the_disk_is_read(tmp_path, monkeypatch):
    TinyReviews(data_dir=tmp_path).download_and_prepare()
    monkeypatch.setattr(TinyReviews, "VERSION", tfds.core.Version("2.0.0"))
    assert len(load("tiny_reviews", "train", "text", "label", folder=tmp_path)) == 2


def test_the_folder_of_the_environment(folder, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(folder))
    assert len(load("tiny_reviews", "train", "text", "label")) == 2


def test_an_unknown_configuration_is_an_error(tmp_path):
    with pytest.raises(ValueError, match=r"Received: 'scan/simple_split'. Its configurations are: simple, .*length"):
        reader.DataSet("scan/simple_split", folder=tmp_path)


def test_without_tfds_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(ModuleNotFoundError, match=r"needs tensorflow_datasets.*pip install 'seqzoo\[datasets\]'"):
        reader.DataSet("tfds:mnist")


def test_an_unknown_set_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="Received: 'no_such_reviews'.*TFDS_DATA_DIR"):
        load("no_such_reviews", "train", "text", "label", folder=tmp_path)
