"""Prediction by memory networks: stories to arrays, and answers with the attention of the hops."""

import json
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from zoo.data.batches.padded import Batches
from zoo.data.batches.stories import encode_stories, typed
from zoo.inference.compiled import compiled

# Of a vocabulary of words, the likeliest answers, this many, are shown with their probabilities.
TOP_K = 5


def traced(model: keras.Model) -> keras.Model:
    """Return the same model with its attention as another output."""
    alignment, _ = model.get_layer("hops").output
    outputs = {"answers": model.output, "alignment": alignment}
    return compiled(model, "traced", lambda: keras.Model(model.input, outputs))


def batches(model: keras.Model, inputs: Sequence[Any], vocabularies: Mapping[str, Any], batch_size: int) -> Batches:
    """Stories as `zoo.data.batches.stories.typed` reads them, or dicts of "story" and "question".

    Warns where a story is longer than the model's memory: the latest sentences are read.
    """
    size = model.get_layer("hops").memory_size
    encoded, dropped = encode_stories(_examples(inputs), vocabularies["tokens"], memory_size=size)
    if dropped:
        warnings.warn(
            f"{dropped} of {len(inputs)} stories are longer than the model's memory: their last {size} sentences are "
            "read.",
            stacklevel=2,
        )
    return Batches(encoded, batch_size=batch_size, fixed=("question",))


def to_prediction(
    model: keras.Model, source: Any, output: dict[str, np.ndarray], vocabularies: Mapping[str, Any]
) -> tuple:
    """The likeliest answer, its probability, those of the likeliest few, and the hops over the sentences.

    Answers have the names of "labels" if there are some, else those of words. In a linear start there are no hops.
    """
    labels, answers = vocabularies.get("labels"), output["answers"]
    names = vocabularies["tokens"].tokens if labels is None else labels.names
    likeliest = np.argsort(-answers, kind="stable")[:TOP_K]
    (example,) = _examples([source])
    read = min(len(example["story"]), output["alignment"].shape[1])
    hops = np.zeros((len(output["alignment"]), len(example["story"])), "float32")
    hops[:, len(example["story"]) - read :] = output["alignment"][:, :read]
    best = likeliest[0]
    table = {names[answer]: float(answers[answer]) for answer in likeliest}
    linear = bool(model.get_layer("hops").linear)  # scores, of which none is a share
    return names[best], float(answers[best]), table, {**example, "hops": None if linear else hops.tolist()}


def _examples(inputs):
    examples = []
    for number, each in enumerate(inputs):
        try:
            text = each if isinstance(each, str) else json.dumps({key: each[key] for key in ("story", "question")})
            examples.append(typed(text))
        except (ValueError, KeyError, TypeError) as error:
            missing = f"a story is a text, or a dict with {error}" if isinstance(error, KeyError) else error
            raise ValueError(f"input {number}: {missing}") from error
    return examples
