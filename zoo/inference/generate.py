"""Texts in, texts out, for models that generate."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from zoo.backend.tracing import quiet_retracing
from zoo.data.batches.padded import Batches
from zoo.data.batches.teacher_forcing import without_steps
from zoo.decoding.decoder import LENGTH_LIMIT, Decoder
from zoo.inference.codec import Hypothesis, TextCodec
from zoo.inference.compiled import make_decoder

# Default length of a streamed output in tokens.
MAXIMUM_LENGTH = 100


def generate(
    model: Any,
    inputs: Sequence[Any] | int,
    *,
    decoder: str | Decoder = "greedy",
    prefixes: Sequence[Any] | None = None,
    vocabularies: Mapping[str, Any] | None = None,
    batch_size: int = 32,
    on_batch: Callable[[int, int], None] | None = None,
    **arguments: Any,
) -> list[list[Hypothesis]]:
    """Generates for any number of inputs of any lengths, and answers in their order: a list of outputs for each.

        zoo.generate(run, ["A man sleeps."], decoder="beam_search", beam_width=5, n_best=3)[0][0].text

    Args:
        model: a generating model, or a run that holds one.
        inputs: texts (or lists of tokens) to read; names of classes; numbers or vectors; dicts by input name where a
            model takes several. For a model that reads nothing: how many outputs, or the texts to go on from.
        decoder: "greedy", "sampling", "beam_search", or a decoder made before (of this model).
        prefixes: what each output has to begin with: texts, or frames (P, D).
        vocabularies: by input name ("source", "target", "label"); those of the run if None. Ids without.
        batch_size: inputs at a time.
        on_batch: called after each batch with the number of inputs that are done, and of all.
        **arguments: the decoder's: maximum_length, beam_width, temperature, seed, ... It is compiled once for these
            arguments and for every shape of its inputs, and kept with the model.
    Raises:
        TypeError: one text instead of a list. ValueError: an input that cannot be encoded or is longer than the model
            takes, by its position; a prefix that a constraint forbids or that is longer than `maximum_length`.
    """
    task = TextCodec.of(model, vocabularies)
    chosen = make_decoder(task.model, decoder, **arguments)
    examples, prefixes = task.examples(inputs, prefixes)
    encoded = task.encode(examples, prefixes, chosen)
    if not examples:
        return []
    outputs: list[Any] = [None] * len(examples)
    done = 0
    for rows, result in _decoded(chosen, encoded, batch_size):
        for index, row in enumerate(rows):
            steps = len(encoded["source"][row]) if "source" in encoded else None
            of_row = keras.tree.map_structure(lambda array, index=index: array[index], result)
            outputs[row] = task.hypotheses(of_row, examples[row], steps)
        done += len(rows)
        if on_batch is not None:
            on_batch(done, len(examples))
    return outputs


def stream(
    model: Any,
    inputs: Any = "",
    *,
    vocabularies: Mapping[str, Any] | None = None,
    maximum_length: int = MAXIMUM_LENGTH,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    seed: int | None = None,
    length_limit: int = LENGTH_LIMIT,
) -> Iterator[str]:
    """Yields the tokens of one sampled output as they come.

        for piece in zoo.stream(run, "ROMEO:", maximum_length=500): print(piece, end="", flush=True)

    Args:
        model: a generating model of tokens, or a run that holds one.
        inputs: one input as in `generate`; for a model that reads nothing, the text to go on from.
        vocabularies: those of the run if None.
        maximum_length, temperature, top_k, top_p, seed, length_limit: as in `Sampling`.
    Yields:
        Each token's text (with the blank before it, where tokens are words), after those of the prefix.
    """
    task = TextCodec.of(model, vocabularies)
    chosen = make_decoder(
        task.model,
        "sampling",
        maximum_length=maximum_length,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        seed=seed,
        length_limit=length_limit,
    )
    chosen.require_tokens()
    examples, prefixes = task.examples([inputs], None)
    encoded = task.encode(examples, prefixes, chosen)
    emitted = ""
    ids: list[int] = []
    for token in chosen.tokens({name: np.asarray(column[0])[None] for name, column in encoded.items()}):
        ids.append(token)
        text = task.text(ids, examples[0])
        yield text[len(emitted) :]
        emitted = text


def _decoded(decoder, encoded, batch_size) -> Iterator[tuple[np.ndarray, Any]]:
    """Walks the length buckets: batches of different lengths have alignments that cannot be joined."""
    padding = float(decoder.distribution.padding)
    batches = Batches(encoded, batch_size=batch_size, fixed=without_steps(encoded), rounded=True)
    for index in range(len(batches)):
        (batch,) = batches[index]
        rows = batches.indices(index)
        target = np.full(batch["target"].shape, padding, batch["target"].dtype)
        for slot, row in enumerate(rows):
            target[slot, : len(encoded["target"][row])] = encoded["target"][row]
        # Rows that only fill the batch copy its first: an empty one might go on to the end.
        for column in (batch := {**batch, "target": target}).values():
            column[len(rows) :] = column[0]
        with quiet_retracing():
            result = decoder.predict_on_batch(batch)
        yield rows, keras.tree.map_structure(np.asarray, {k: v for k, v in result.items() if k != "search"})
