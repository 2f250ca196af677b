from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.distributions.categorical import Categorical
from zoo.special_ids import END, FIRST, PAD, SPECIAL_TOKENS, START, UNKNOWN


def test_all_vocabularies_reserve_the_same_ids():
    assert sorted([PAD, UNKNOWN, START, END]) == list(range(FIRST))
    for vocabulary in (Vocabulary(["a"]), PointerVocabulary(1)):
        assert tuple(vocabulary.tokens[:FIRST]) == SPECIAL_TOKENS
    assert Vocabulary(["a"]).encode("a b").tolist() == [FIRST, UNKNOWN]
    assert PointerVocabulary(1).encode([0]).tolist() == [FIRST]


def test_distributions_over_tokens_use_them():
    assert int(Categorical(6).start(1)[0]) == START
    assert [bool(flag) for flag in Categorical(6).is_end([END, FIRST])] == [True, False]
    assert [bool(flag) for flag in Categorical(6).is_observed([PAD, END])] == [False, True]
