"""Texts or frames in, names or numbers out, for models that map."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

import zoo.decoding.ctc
import zoo.inference.story_answers
import zoo.inference.tree_answers
from zoo.data.batches.encoding import encode
from zoo.data.batches.padded import Batches
from zoo.data.batches.trees import TreeBatches
from zoo.models.base.autoregressive_model import AutoregressiveModel

# What does not read one sequence, by an input that only it has.
KINDS: dict[str, Any] = {"story": zoo.inference.story_answers, "children": zoo.inference.tree_answers}
# Transcripts that are returned with their probabilities.
N_BEST = 5


@dataclass(frozen=True)
class Prediction:
    """A prediction of a model for one input.

    Args:
        input: the text; for tokens that were tagged, the list of them; None for frames.
        output: the class's name, the names of several labels, the numbers; or a list of these, one a step; the
            transcript of a CTC recogniser.
        probability: of the class, the transcript or of each step's tag; None where the model gives none (numbers, a
            CRF's path).
        probabilities: of every class or label by its name, for one answer an input; of a memory network, of the
            likeliest words; of a CTC recogniser, of the likeliest transcripts.
        trace: how it came to it: of a memory network the story, the question and "hops" (K, N), where it looked; of a
            recursive network the tree in brackets, with the label of every phrase.
    """

    input: Any
    output: Any
    probability: Any = None
    probabilities: dict[str, float] | None = None
    trace: Any = None


def predict(
    model: keras.Model,
    inputs: Sequence[Any],
    *,
    vocabularies: Mapping[str, Any] | None = None,
    batch_size: int = 64,
    on_batch: Callable[[int, int], None] | None = None,
) -> list[Prediction]:
    """Predicts for any number of inputs of any lengths, and answers in their order.

    Args:
        model: many_to_one, many_to_many, crf_tagger, ctc_recognizer, turing_machine, memory_network or recursive_tree.
        inputs: texts, lists of tokens, arrays of frames (S, D), or what a sense makes frames of. Of a memory network
            stories with their question, as text or as dicts (see `zoo.data.batches.stories.typed`); of a recursive
            network trees, brackets or sentences.
        vocabularies: what encodes inputs ("tokens", "characters") and names outputs ("labels"); numbers without.
        batch_size: inputs at a time.
        on_batch: called again and again with the number of inputs that are done, and of all.
    Raises:
        TypeError, ValueError: an input that cannot be encoded, or has other features than the model reads, by its
            position.
    """
    if isinstance(inputs, str):
        raise TypeError(f"`inputs` is a list of texts. Received one text: {inputs[:40]!r}. Put it in a list.")
    if isinstance(model, AutoregressiveModel):
        raise ValueError(f"{model.name} generates: use zoo.generate, or zoo.score for how likely a text is.")
    vocabularies = vocabularies or {}
    if not len(inputs):
        return []
    batch_size = min(batch_size, len(inputs))
    names = [tensor.name for tensor in model.inputs]
    predictions: list[Any] = [None] * len(inputs)
    for name, kind in KINDS.items():
        if name in names:
            callable_model = kind.traced(model)
            batches = kind.batches(model, inputs, vocabularies, batch_size)
            for number, output in _counted(outputs(callable_model, batches), len(inputs), on_batch):
                source = inputs[number]
                prediction = kind.to_prediction(model, source, output, vocabularies)
                predictions[number] = Prediction(source if isinstance(source, str) else None, *prediction)
            return predictions
    encoded = encode(inputs, vocabularies)
    if "frames" in encoded:
        _check_features(model, encoded["frames"])
    batches = Batches(encoded, batch_size=batch_size, lengths="lengths" in names)
    if zoo.decoding.ctc.transcribes(model):
        prediction = dict(_counted(outputs(model, batches), len(inputs), on_batch))
        return _transcribed([prediction[number] for number in range(len(inputs))], vocabularies)
    for number, output in _counted(outputs(model, batches), len(inputs), on_batch):
        predictions[number] = _prediction(model, inputs[number], output, vocabularies)
    return predictions


def _counted(items, total, on_batch):
    """Yield the items, and report after each how many there were."""
    for done, item in enumerate(items, 1):
        yield item
        if on_batch is not None:
            on_batch(done, total)


def _check_features(model, frames):
    """Refuse frames of another width, which Keras would refuse with a page about the model."""
    features = next((tuple(tensor.shape[2:]) for tensor in model.inputs if len(tensor.shape) > 2), ())
    if features and None not in features and frames[0].shape[1:] != features:  # that all are alike was made sure of
        expected, received = (" x ".join(map(str, shape)) for shape in (features, frames[0].shape[1:]))
        raise ValueError(f"The model reads {expected} numbers a step. Received: {received} in example 0.")


def outputs(model: keras.Model, batches: Batches | TreeBatches) -> Iterator[tuple[int, Any]]:
    """The model's output for every example of `batches`, with the example's number, batch after batch.

    Outputs a step are cut to the example's own length; a dict of outputs stays one. `model.predict` cannot join batches
    of different lengths; this walks them.
    """
    steps = next(iter(batches.inputs.values()))
    # The model's own shapes tell which outputs run along the steps: (B, None, ...).
    aligned = keras.tree.map_structure(lambda output: len(output.shape) > 1 and output.shape[1] is None, model.output)
    for index in range(len(batches)):
        predicted = model.predict_on_batch(batches[index][0])
        for slot, number in enumerate(batches.indices(index)):
            length = len(steps[number])
            yield int(number), keras.tree.map_structure(_row(slot, length), predicted, aligned)


def _row(index, length):
    return lambda array, aligned: array[index, :length] if aligned else array[index]


def _transcribed(outputs, vocabularies):
    transcripts = zoo.decoding.ctc.transcripts(outputs, vocabularies.get("labels"), n_best=N_BEST)
    shares = [{str(text): float(np.exp(gain)) for text, gain in ranked} for ranked in transcripts]
    return [
        Prediction(None, ranked[0][0], float(np.exp(ranked[0][1])), of_each)
        for ranked, of_each in zip(transcripts, shares, strict=True)
    ]


def _prediction(model, source, output, vocabularies):
    labels = vocabularies.get("labels")
    if isinstance(output, dict):  # a CRF's best path
        return Prediction(_shown(source, vocabularies, True), [_name(labels, tag) for tag in output["tags"]])
    activation = keras.activations.serialize(model.get_layer("head").activation)
    aligned = output.ndim == 2
    shown = _shown(source, vocabularies, aligned)
    if activation == "softmax":
        best, most = output.argmax(-1), output.max(-1)
        if aligned:
            return Prediction(shown, [_name(labels, tag) for tag in best], [float(p) for p in most])
        return Prediction(shown, _name(labels, best), float(most), _table(labels, output))
    if activation == "sigmoid":
        names = [[_name(labels, n) for n in np.flatnonzero(row > 0.5)] for row in np.atleast_2d(output)]
        if aligned:
            return Prediction(shown, names, output.tolist())
        return Prediction(shown, names[0], output.tolist(), _table(labels, output))
    return Prediction(shown, output.tolist())


def _name(labels, number):
    return int(number) if labels is None else labels.decode(number)


def _table(labels, probabilities):
    return {str(_name(labels, n)): float(p) for n, p in enumerate(probabilities)}


def _shown(source, vocabularies, aligned):
    if "tokens" not in vocabularies:
        return None
    return vocabularies["tokens"].surface(source) if aligned else source
