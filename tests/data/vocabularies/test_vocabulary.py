import json
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.load import load_vocabulary
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary, tagged_tokens
from zoo.special_ids import END, PAD, START, UNKNOWN
from zoo.storage.files import DataError

# Alphabets without case, so that lowercase cannot change the number of characters.
WORDS = st.lists(st.text(alphabet="abcdé漢字'", min_size=1), min_size=1)


def test_words_are_split_as_documented():
    vocabulary = Vocabulary([], lowercase=True)
    assert vocabulary.split("A great movie!") == ["a", "great", "movie", "!"]
    assert vocabulary.split("It isn't state-of-the-art...\n") == ["it", "isn't", "state-of-the-art", ".", ".", "."]
    assert vocabulary.split("'Quoted' l’été") == ["'", "quoted", "'", "l’été"]
    assert vocabulary.split(["Pre-Split", "two words"]) == ["pre-split", "two words"]
    assert vocabulary.surface("A Great") == ["A", "Great"]
    assert vocabulary.split(" \n") == []


def test_characters_keep_everything():
    assert Vocabulary([], level="character").split("Ab c\n") == ["A", "b", " ", "c", "\n"]


def test_characters_are_code_points_and_graphemes_are_whole():
    assert Vocabulary([], level="character").split("स्ते") == ["स", "्", "त", "े"]
    assert Vocabulary([], level="grapheme").split("नमस्ते") == ["न", "म", "स्ते"]


@pytest.mark.parametrize("level", ["word", "character", "grapheme", "subword", "tagged"])
def test_one_word_has_one_spelling(level):
    """Composed or not, when a vocabulary is made and when a text is read, in texts and in lists of tokens."""
    composed, decomposed = "café Đặng V;PST", "cafe\u0301 Đa\u0323\u0306ng V;PST"
    size = {"size": 24} if level == "subword" else {}
    for texts in ([composed] * 4, [decomposed] * 4):
        vocabulary = Vocabulary.build(texts, level=level, **size)
        assert all(unicodedata.is_normalized("NFC", token) for token in vocabulary.tokens)
        ids = vocabulary.encode(decomposed)
        assert ids.tolist() == vocabulary.encode(composed).tolist()
        assert UNKNOWN not in ids
    vocabulary = Vocabulary(["cafe\u0301"], lowercase=True)  # as a file of an earlier version may have it
    assert vocabulary.encode("CAFÉ").tolist() == vocabulary.encode(["Cafe\u0301"]).tolist() == [4]
    assert "café" in vocabulary and "cafe\u0301" in vocabulary


def test_words_of_other_scripts_come_back():
    texts = ["राम घर जाता है।", "தமிழ் மொழி.", "می‌خواهم، كَتَبَ؟", "👨‍👩‍👧 🇮🇳!", "שָׁלוֹם, x̂!"]
    for kind in (Vocabulary, CopyVocabulary):
        vocabulary = kind.build(texts)
        assert {"राम", "जाता", "தமிழ்", "می‌خواهم", "كَتَبَ", "👨‍👩‍👧", "🇮🇳", "x̂"} <= set(vocabulary.tokens)
        for text in texts:
            assert vocabulary.decode(vocabulary.encode(text)) == unicodedata.normalize("NFC", text)
    assert Vocabulary.build(["İstanbul"], lowercase=True).tokens[4:] == ["istanbul"]


def test_texts_are_joined_as_they_were_written():
    said = 'She said: "It isn\'t (quite) 3.50."'
    vocabulary = Vocabulary.build([said, "a , b"])
    assert vocabulary.split(said)[-5:] == ["3", ".", "50", ".", '"']
    assert vocabulary.decode(vocabulary.encode(said)) == said
    assert vocabulary.join(vocabulary.split("a , b")) == "a , b"
    assert Vocabulary.build([["a", ",", "b"]]).join(["a", ",", "b"]) == "a , b"


def test_a_saved_vocabulary_joins_alike(tmp_path):
    vocabulary = CopyVocabulary.build(["यह (मेरा) घर है।", "3.5, 4"])
    vocabulary.save(tmp_path / "target.json")
    loaded = load_vocabulary(tmp_path / "target.json")
    for text in ("यह (मेरा) घर है।", "3.5, 4"):
        assert loaded.decode(loaded.encode(text)) == text
    content = json.loads((tmp_path / "target.json").read_text("utf-8"))
    (tmp_path / "target.json").write_text(json.dumps(content | {"spacing": {"joined": [["a"]]}}))
    with pytest.raises(DataError, match=r"target\.json:1: expected a saved vocabulary"):
        load_vocabulary(tmp_path / "target.json")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("nähren V;IND;PRS;1;PL", [*"nähren", "V", "IND", "PRS", "1", "PL"]),
        ("zum Fluss N", [*"zum Fluss", "N"]),
        ("nähren", list("nähren")),
        ("  nähren   V;;PST; \n", [*"nähren", "V", "PST"]),
        ("", []),
    ],
)
def test_a_form_is_letters_and_its_features_are_whole(text, tokens):
    vocabulary = Vocabulary.build([text], level="tagged")
    assert vocabulary.split(text) == tagged_tokens(text) == tokens
    assert vocabulary.decode(vocabulary.encode(text)) == " ".join(tokens)
    assert vocabulary.split(tokens) == tokens


def test_build_orders_by_frequency_then_alphabet():
    vocabulary = Vocabulary.build(["b a c", ["c", "b"], "d"])
    assert vocabulary.tokens == ["<pad>", "<unknown>", "<start>", "<end>", "b", "c", "a", "d"]
    assert (PAD, UNKNOWN, START, END) == (0, 1, 2, 3)
    assert len(vocabulary) == 8
    assert Vocabulary.build(["b a c", "c b", "d"], size=5).tokens[4:] == ["b"]
    assert Vocabulary.build(["b a c", "c b", "d"], minimum_count=2).tokens[4:] == ["b", "c"]
    assert Vocabulary.build(["B b a"], lowercase=True).tokens[4:] == ["b", "a"]


def test_encode_and_decode():
    vocabulary = Vocabulary(["a", "b"])
    ids = vocabulary.encode("b a x")
    assert ids.dtype == np.int32
    assert ids.tolist() == [5, 4, 1]
    assert vocabulary.encode([]).shape == (0,)
    assert vocabulary.decode([2, 5, 4, 0, 1, 3, 4]) == "b a <unknown>"
    assert Vocabulary(["a", "b"], level="character").decode(np.array([4, 5, 0])) == "ab"


def test_no_text_encodes_to_a_special_id():
    vocabulary = Vocabulary.build([["<pad>", "<start>", "<end>", "a"]])
    assert vocabulary.tokens[4:] == ["a"]
    assert vocabulary.encode(["<pad>", "<unknown>", "<start>", "<end>"]).tolist() == [1, 1, 1, 1]
    assert "<pad>" not in vocabulary
    assert "a" in vocabulary


@given(st.lists(WORDS, min_size=1))
def test_words_come_back(texts):
    vocabulary = Vocabulary.build(texts)
    for text in texts:
        assert vocabulary.decode(vocabulary.encode(text)) == " ".join(text)


@given(st.lists(st.text(), min_size=1))
def test_characters_come_back(texts):
    for level in ("character", "grapheme"):
        vocabulary = Vocabulary.build(texts, level=level)
        for text in texts:
            assert vocabulary.decode(vocabulary.encode(text)) == unicodedata.normalize("NFC", text)


@given(st.lists(st.text()), st.booleans())
def test_encoding_is_as_long_as_the_surface(texts, lowercase):
    vocabulary = Vocabulary.build(texts, lowercase=lowercase)
    for text in texts:
        assert len(vocabulary.encode(text)) == len(vocabulary.surface(text))
        assert vocabulary.encode(text).tolist() == vocabulary.encode(vocabulary.split(text)).tolist()


@pytest.mark.parametrize("level", ["word", "character", "grapheme", "tagged"])
def test_saved_vocabulary_comes_back(tmp_path, level):
    vocabulary = Vocabulary.build(["Straße 漢字 \n"], level=level, lowercase=True)
    vocabulary.save(tmp_path / "tokens.json")
    for loaded in (Vocabulary.load(tmp_path / "tokens.json"), load_vocabulary(tmp_path / "tokens.json")):
        assert isinstance(loaded, Vocabulary)
        assert (loaded.tokens, loaded.level, loaded.lowercase) == (vocabulary.tokens, level, True)
    assert json.loads((tmp_path / "tokens.json").read_text("utf-8")) == {
        "kind": "vocabulary",
        "level": level,
        "lowercase": True,
        "tokens": vocabulary.tokens,
    }


GOOD = {
    "kind": "vocabulary",
    "level": "word",
    "lowercase": False,
    "tokens": ["<pad>", "<unknown>", "<start>", "<end>", "a"],
}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"kind":\n oops', r":2: expected JSON"),
        ("[]", r"kind"),
        (json.dumps(GOOD | {"kind": "labels"}), r"\"kind\" vocabulary, found kind 'labels'"),
        (json.dumps(GOOD | {"tokens": "abc"}), r"'tokens' of type list"),
        (json.dumps(GOOD | {"lowercase": None}), r"'lowercase' of type bool"),
        (json.dumps(GOOD | {"tokens": ["a"]}), r"tokens that begin with <pad>"),
        (json.dumps(GOOD | {"tokens": [*GOOD["tokens"], "a"]}), r"distinct strings"),
        (json.dumps(GOOD | {"tokens": [*GOOD["tokens"], 5]}), r"distinct strings"),
        (json.dumps(GOOD | {"level": "sentence"}), r"level must be one of"),
        (json.dumps(GOOD | {"level": "subword"}), r"needs trained subwords"),
    ],
)
def test_damaged_files_are_refused(write, text, message):
    with pytest.raises(DataError, match=message):
        Vocabulary.load(write("tokens.json", text))


def test_wrong_arguments_are_refused():
    with pytest.raises(TypeError, match="list of texts"):
        Vocabulary.build("one string")
    with pytest.raises(ValueError, match="at least 5, received: 4"):
        Vocabulary.build(["a"], size=4)
    with pytest.raises(ValueError, match="level must be one of"):
        Vocabulary.build(["a"], level="bytes")
    with pytest.raises(ValueError, match="distinct strings"):
        Vocabulary(["a", "<end>"])


def test_labels(tmp_path):
    labels = Labels.build(["pos", "neg", "pos"])
    assert labels.names == ["neg", "pos"]
    assert len(labels) == 2
    assert [labels.decode(np.int32(labels.encode(name))) for name in labels.names] == labels.names
    labels.save(tmp_path / "labels.json")
    assert (
        load_vocabulary(tmp_path / "labels.json").names == Labels.load(tmp_path / "labels.json").names == labels.names
    )
    with pytest.raises(DataError, match='"kind" vocabulary'):
        Vocabulary.load(tmp_path / "labels.json")


def test_labels_have_one_spelling():
    labels = Labels.build(["Espan\u0303ol", "Español", "English"])
    assert labels.names == ["English", "Español"]
    assert labels.encode("Espan\u0303ol") == labels.encode("Español") == 1


def test_unknown_labels_name_the_closest():
    with pytest.raises(ValueError, match=r"'Englisch' was never seen in training.* is 'English'"):
        Labels(["English", "French"]).encode("Englisch")
    with pytest.raises(ValueError, match="distinct"):
        Labels(["a", "a"])


def test_damaged_labels_are_refused(write):
    with pytest.raises(DataError, match="distinct strings"):
        Labels.load(write("labels.json", '{"kind": "labels", "names": ["a", "a"]}'))
    with pytest.raises(DataError, match="'names' of type list"):
        load_vocabulary(write("labels.json", '{"kind": "labels"}'))
