import keras
import numpy as np
import pytest

from tests.training.toys import batch, build
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.training.metrics.text_metrics import bleu, exact, token_error
from zoo.training.objectives.rewards import RewardFunction, from_text_metric
from zoo.training.objectives.sequence_level import SequenceLevel

TOKENS = np.array([[[4, 5, 0], [6, 9, 9]], [[9, 9, 9], [9, 9, 9]], [[5, 5, 5], [9, 9, 9]]], "int32")
LENGTHS = np.array([[2, 1], [3, 3], [3, 0]], "int32")
ROWS = np.array([1.0, 0.0, 1.0], "float32")
TARGET = np.array([[2, 4, 5, 0], [0, 0, 0, 0], [2, 6, 0, 0]], "int32")


def judged(reward, names=("target",), columns=(TARGET,)):
    return RewardFunction(reward, names)(TOKENS, LENGTHS, ROWS, *columns)


def test_it_sees_outputs_and_examples_without_padding():
    frames = np.arange(12, dtype="float32").reshape(3, 2, 2)
    columns = {
        "label": np.array([7, 8, 9]),
        "source": frames,
        "source_lengths": np.array([1, 0, 2]),
        "target": TARGET,
        "source_as_target": np.array([[4, 0], [0, 0], [5, 7]]),
    }
    seen = []

    def reward(outputs, examples):
        seen.extend(zip(outputs, examples, strict=True))
        return [len(output) + 0.5 for output in outputs]

    answers = judged(reward, list(columns), columns.values())
    np.testing.assert_array_equal(answers, [[2.5, 1.5], [0, 0], [3.5, 0.5]])
    assert answers.dtype == "float32"
    assert [output.tolist() for output, _ in seen] == [[4, 5], [6], [5, 5, 5], []]
    for number, (_, example) in enumerate(seen):
        last = number > 1
        assert example["label"] == (9 if last else 7)
        assert example["source_lengths"] == (2 if last else 1)
        np.testing.assert_array_equal(example["source"], frames[2] if last else frames[0, :1])
        assert example["target"].tolist() == ([6] if last else [4, 5])
        assert example["source_as_target"].tolist() == ([5, 7] if last else [4])


def test_sources_of_tokens_come_without_padding():
    source = np.array([[8, 0, 0], [0, 0, 0], [8, 9, 0]])
    seen = []
    judged(lambda outputs, examples: [seen.append(e["source"].tolist()) or 0 for e in examples], ["source"], [source])
    assert seen == [[8], [8], [8, 9], [8, 9]]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([1.0], r"A reward gives one number for each output, here 4\. Received: shape \(1,\)"),
        ([[1.0]] * 4, r"here 4\. Received: shape \(4, 1\)"),
        (1.0, r"Received: shape \(\)"),
        ([1.0, 2.0, float("nan"), 0.0], r"finite number\. Received: nan for output 2 of the batch, \[5, 5, 5\]"),
        ([1.0, float("-inf"), 1.0, 0.0], r"Received: -inf for output 1 of the batch, \[6\]"),
    ],
)
def test_no_answer_is_believed_unseen(answer, message):
    with pytest.raises(ValueError, match=message):
        judged(lambda outputs, examples: answer)


def fit(model, answers, **options):
    regime = SequenceLevel(model, lambda outputs, examples: answers[-1], baseline="none", maximum_length=2)
    regime.compile("sgd", **options)
    inputs, targets, weights = batch(model)
    return lambda *callbacks: regime.fit(inputs, targets, sample_weight=weights, callbacks=[*callbacks], verbose=0)


@pytest.mark.each_backend
def test_training_tells_what_is_wrong_with_a_reward():
    """In its own words, though the step is compiled."""
    with pytest.raises(ValueError, match="A reward is a finite number. Received: nan for output 0 of the batch"):
        fit(build(), [[float("nan")] * 3])()


@pytest.mark.each_backend
def test_so_does_measuring():
    model = build()
    regime = SequenceLevel(model, lambda outputs, examples: [1.0], baseline="none", maximum_length=2)
    regime.compile("sgd")
    inputs, targets, weights = batch(model)
    with pytest.raises(ValueError, match="^A reward gives one number for each output, here 3"):
        regime.evaluate(inputs, targets, sample_weight=weights, verbose=0)


class Full(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise OSError("No space left on device")


def test_what_goes_wrong_later_is_told_in_words_of_its_own():
    answers = [[0.0]]
    again = fit(build(), answers, run_eagerly=True)
    with pytest.raises(ValueError, match="A reward gives one number for each output, here 3. Received: shape"):
        again()
    answers.append([0.0, 1.0, 2.0])
    with pytest.raises(OSError, match="No space left on device"):
        again(Full())


SAID = [np.array([4, 5, 6, 7]), np.array([4, 5]), np.array([7])]
TRUE = [{"target": np.array([4, 5, 6, 7])}, {"target": np.array([4, 6])}, {"target": np.array([7])}]


def test_any_metric_of_texts_is_a_reward():
    vocabulary = Vocabulary(["a", "b", "c", "d"])
    assert from_text_metric(exact, vocabulary)(SAID, TRUE) == [1.0, 0.0, 1.0]
    errors = from_text_metric(lambda said, expected: 1 - token_error(said, expected), vocabulary)(SAID, TRUE)
    assert errors == [1.0, 0.5, 1.0]
    scores = from_text_metric(bleu, vocabulary)(SAID, TRUE)
    assert scores[0] == pytest.approx(100)
    assert scores[0] > scores[1]


@pytest.mark.parametrize("vocabulary", [PointerVocabulary(), CopyVocabulary(["a", "b"])])
def test_so_it_is_with_what_a_source_lends(vocabulary):
    """Positions, and ids behind an open vocabulary: texts by which they can be told apart."""
    assert from_text_metric(exact, vocabulary)(SAID, TRUE) == [1.0, 0.0, 1.0]
    swapped = [np.array([4, 6])], [{"target": np.array([4, 7])}]
    assert from_text_metric(lambda said, expected: 1 - token_error(said, expected), vocabulary)(*swapped) == [0.5]
