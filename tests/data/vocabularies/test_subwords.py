import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.vocabularies.subwords import SPACE, Subwords
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.special_ids import SPECIAL_TOKENS, UNKNOWN
from zoo.storage.files import DataError

TEXTS = ["low lower lowest", "new newer newest", "wide wider widest"] * 4
VOCABULARY = Vocabulary.build(TEXTS, level="subword", size=30)


def test_the_most_frequent_pairs_are_merged_first():
    # Whichever of the two pairs counted 51 times ("_t", "th") is first, three merges end in the whole frequent word.
    texts = ["the"] * 50 + ["that cat"]
    merges, characters = 3, len({SPACE, *"theac"})
    subwords = Subwords.train(texts, size=4 + characters + merges)
    assert subwords.pieces[:4] == list(SPECIAL_TOKENS)
    assert len(subwords.pieces) == len(set(subwords.pieces)) == 4 + characters + merges
    assert subwords.split("the cat") == [SPACE + "the", SPACE, "c", "a", "t"]


def test_training_repeats_itself():
    assert Subwords.train(TEXTS, size=30).pieces == VOCABULARY.tokens


@given(st.lists(st.text(alphabet="lowerst nwid", min_size=1).map(str.split).map(" ".join), min_size=1))
def test_texts_of_known_characters_come_back(texts):
    for text in texts:
        ids = VOCABULARY.encode(text)
        assert VOCABULARY.decode(ids) == text
        assert UNKNOWN not in ids


def test_unknown_characters_and_specials():
    assert UNKNOWN in VOCABULARY.encode("low 漢 low")
    assert not {0, 2, 3} & set(VOCABULARY.encode("<pad> <start> <end>").tolist())
    assert VOCABULARY.decode([2, *VOCABULARY.encode("new"), 3, 5]) == "new"


def test_lowercase_and_lists():
    vocabulary = Vocabulary.build([["Low", "lower"]] * 4, level="subword", lowercase=True, size=20)
    assert vocabulary.decode(vocabulary.encode("LOW")) == "low"


def test_identical_text_comes_out():
    # The usual NFKC folding would turn these into "fi" and "A".
    texts = ["\ufb01ne \uff21"] * 4
    vocabulary = Vocabulary.build(texts, level="subword", size=20)
    assert vocabulary.decode(vocabulary.encode(texts[0])) == texts[0]


def test_saved_subwords_come_back(tmp_path):
    path = tmp_path / "tokens.json"
    VOCABULARY.save(path)
    loaded = Vocabulary.load(path)
    assert loaded.tokens == VOCABULARY.tokens
    assert loaded.encode("widest low").tolist() == VOCABULARY.encode("widest low").tolist()
    content = json.loads(path.read_text("utf-8"))
    for change in ({"subwords": "AAAA"}, {"subwords": 5}, {"tokens": [*content["tokens"], "more"]}):
        path.write_text(json.dumps(content | change), "utf-8")
        with pytest.raises(DataError, match=r"tokens\.json:1: expected a saved vocabulary, found damage"):
            Vocabulary.load(path)


def test_too_small_a_size_and_no_text():
    with pytest.raises(ValueError, match="received: size 6"):
        Subwords.train(TEXTS, size=6)
    with pytest.raises(ValueError, match="need some text"):
        Subwords.train([])
    with pytest.raises(ValueError, match="minimum_count"):
        Vocabulary.build(TEXTS, level="subword", minimum_count=2)
