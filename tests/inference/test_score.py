import keras
import numpy as np
import pytest

import zoo
from tests.models import eagerly
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary

LETTERS = Vocabulary(list("abcd"), level="character")
VOCABULARIES = {"source": LETTERS, "target": LETTERS}
PAIRS = [("abc", "cba"), ("a", "dd"), ("bad", ""), ("dcba", "abcda")]


either_way = eagerly.either_way


def language_model():
    return zoo.build("language_model", vocabulary_size=len(LETTERS), units=5, layers=1)


def by_hand(model, inputs, ids):
    """log p of every token and of the end, one step after another, in float64."""
    context = model.encode({name: array[None] for name, array in inputs.items()} | {"target": np.array([[2]], "int32")})
    state, before, gains = model.start(context, 99), 2, []
    for token in [*ids, 3]:
        scores, state, _ = model.step(keras.ops.convert_to_tensor([before], "int32"), state, context)
        scores = keras.ops.convert_to_numpy(scores)[0].astype("float64")
        gains.append(scores[token] - np.log(np.exp(scores).sum()))
        before = int(token)
    return np.array(gains)


@pytest.mark.each_backend
def test_a_text_is_as_likely_as_its_tokens_one_by_one():
    model = language_model()
    texts = ["abc", "", "dddddddda", "a"]
    scores = zoo.score(model, texts, vocabularies=VOCABULARIES, batch_size=3)
    for text, score in zip(texts, scores, strict=True):
        expected = by_hand(model, {}, LETTERS.encode(text))
        np.testing.assert_allclose(score.token_log_probabilities, expected, atol=1e-5)
        assert score.tokens == len(text) + 1
        assert score.log_probability == pytest.approx(expected.sum(), abs=1e-4)
        assert score.perplexity == pytest.approx(np.exp(-expected.mean()), rel=1e-5)


def test_a_target_is_scored_with_its_source(either_way):
    model = zoo.build("encoder_decoder", source_vocabulary_size=8, target_vocabulary_size=8, units=4, embedding_size=3)
    examples = [{"source": source, "target": target} for source, target in PAIRS]
    for (source, target), score in zip(PAIRS, zoo.score(model, examples, vocabularies=VOCABULARIES), strict=True):
        expected = by_hand(model, {"source": LETTERS.encode(source)}, LETTERS.encode(target))
        np.testing.assert_allclose(score.token_log_probabilities, expected, atol=1e-5)


def test_what_beam_search_says_of_an_output_is_its_score(either_way):
    model = zoo.build("encoder_decoder", source_vocabulary_size=8, target_vocabulary_size=8, units=4, embedding_size=3)
    found = zoo.generate(
        model, ["abc", "d"], vocabularies=VOCABULARIES, decoder="beam_search", n_best=3, maximum_length=6
    )
    for source, outputs in zip(["abc", "d"], found, strict=True):
        for output in outputs:
            (score,) = zoo.score(model, [{"source": source, "target": output.tokens}], vocabularies=VOCABULARIES)
            said = score.token_log_probabilities if output.finished else score.token_log_probabilities[:-1]
            assert output.log_probability == pytest.approx(said.sum(), abs=1e-4)


def test_classes_and_ids_without_vocabularies():
    model = zoo.build("one_to_many", vocabulary_size=8, classes=2, units=4)
    labels = Labels(["x", "y"])
    named = zoo.score(model, [{"label": "y", "target": "ab"}], vocabularies={"label": labels, "target": LETTERS})
    numbered = zoo.score(model, [{"label": 1, "target": LETTERS.encode("ab")}])
    assert named[0].log_probability == pytest.approx(numbered[0].log_probability, abs=1e-6)
    assert zoo.score(model, []) == []


def test_an_n_best_list_is_ranked_by_both_scores():
    model = language_model()
    lists = [[("abc", -1.0), ("bca", -1.5)], [("d", 0.0), ("dd", 0.0), ("", -50.0)]]
    texts = "abc bca d dd".split()
    alone = dict(zip(texts, zoo.score(model, texts, vocabularies=VOCABULARIES), strict=True))
    ranked = zoo.rescore(model, lists, weight=0.5, length_bonus=0.1, vocabularies=VOCABULARIES)
    for before, after in zip(lists, ranked, strict=True):
        assert sorted(text for text, _ in before) == sorted(text for text, _ in after)
        assert [score for _, score in after] == sorted((score for _, score in after), reverse=True)
        for text, old in before:
            if text:
                expected = old + 0.5 * alone[text].log_probability + 0.1 * alone[text].tokens
                assert dict(after)[text] == pytest.approx(expected, abs=1e-5)
    assert zoo.rescore(model, lists, weight=0.0, vocabularies=VOCABULARIES) == lists


def test_errors_name_the_example():
    model = language_model()
    with pytest.raises(TypeError, match="is a list"):
        zoo.score(model, "abc", vocabularies=VOCABULARIES)
    with pytest.raises(ValueError, match="Example 1 has no target"):
        zoo.score(model, ["a", {"source": "b"}], vocabularies=VOCABULARIES)
    with pytest.raises(ValueError, match="does not belong"):
        zoo.score(model, ["a"], vocabularies={"target": Vocabulary(["a"])})
