import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.storage.files import DataError

WORDS = CopyVocabulary(["ein", "haus"])
SOURCE = "kelpar haus Mora kelpar ein Mora <pad>"


def test_a_source_lends_the_words_that_the_vocabulary_lacks():
    """In the order they come; one that comes again is the same. What looks like a special token is a word."""
    extended = WORDS.for_source(SOURCE)
    assert extended.added == ["kelpar", "Mora", "<", "pad", ">"]
    assert extended.source_ids.tolist() == [6, 5, 7, 6, 4, 7, 8, 9, 10]
    assert extended.source_ids.dtype == np.int32
    assert WORDS.for_source(["<pad>", "haus"]).source_ids.tolist() == [6, 5]
    assert extended.encode("ein kelpar Mora haus").tolist() == [4, 6, 7, 5]
    assert [extended.name(number) for number in (4, 6, np.int32(7), 3)] == ["ein", "kelpar", "Mora", "<end>"]
    assert extended.decode([2, 4, 6, 0, 7, 3, 5]) == "ein kelpar Mora"
    assert ("kelpar" in extended, "haus" in extended, "<end>" in extended, "bex" in extended) == (
        True,
        True,
        False,
        False,
    )


def test_by_itself_it_is_a_vocabulary():
    plain = Vocabulary(["ein", "haus"])
    assert WORDS.encode(SOURCE).tolist() == plain.encode(SOURCE).tolist()
    assert len(WORDS) == 6
    built = CopyVocabulary.build(["Ein Haus", "ein"], lowercase=True)
    assert isinstance(built, CopyVocabulary)
    assert built.for_source("Das HAUS").source_ids.tolist() == [6, 5]  # in lower case, as all it knows
    assert built.for_source("Das HAUS").decode([6, 5]) == "das haus"


@given(st.lists(st.sampled_from(["ein", "haus", "a", "b", "c"]), min_size=1))
def test_what_is_in_either_is_said_again(source):
    extended = WORDS.for_source(source)
    assert extended.decode(extended.source_ids) == " ".join(source)
    assert 1 not in extended.source_ids
    others = set(extended.source_ids[extended.source_ids >= 6].tolist())
    assert others == set(range(6, 6 + len(set(source) - {"ein", "haus"})))


def test_what_is_in_neither_is_an_error_or_unknown():
    extended = WORDS.for_source(SOURCE)
    with pytest.raises(ValueError, match="the target's 'bex' is in neither the vocabulary nor the source"):
        extended.encode("ein bex Mora")
    assert extended.encode("ein bex Mora", keep_unknown=True).tolist() == [4, 1, 7]


def test_letters_are_lent_as_words_are():
    letters = CopyVocabulary(list("ab"), level="character")
    extended = letters.for_source("bé")
    assert extended.source_ids.tolist() == [5, 6]
    assert extended.decode([6, 4, 6]) == "éaé"


def test_saved_it_comes_back_open(tmp_path):
    WORDS.save(tmp_path / "target.json")
    loaded = CopyVocabulary.load(tmp_path / "target.json")
    assert (type(loaded), loaded.tokens) == (CopyVocabulary, WORDS.tokens)
    with pytest.raises(DataError, match='"kind" vocabulary'):
        Vocabulary.load(tmp_path / "target.json")
