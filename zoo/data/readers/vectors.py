"""Pretrained word vectors as text, to an embedding matrix: GloVe, and word2vec with its header line."""

import os
import warnings

import numpy as np

from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.data.vocabularies.words import normalize
from zoo.special_ids import PAD
from zoo.storage.data_error import parse_numbers, parse_whole_number
from zoo.storage.files import DataError, open_text


def read(
    path: str | os.PathLike, vocabulary: Vocabulary, *, seed: int = 0, encoding: str = "utf-8"
) -> tuple[np.ndarray, float]:
    """Reads the vectors of a vocabulary's tokens. A token that the file does not have gets a random vector.

    Tokens are compared in their composed form (NFC), as the vocabulary reads texts.

    Random vectors are normal with mean 0 and the standard deviation of all numbers in the file; padding is zero.

    Args:
        path: a token and its D numbers a line, between blanks; the first line may be "count D".
        vocabulary: whose tokens the rows are of.
        seed: of the random vectors.
        encoding: of the file.
    Returns:
        The matrix (V, D) float32, and the fraction of the tokens found, without the special ones.
    Raises:
        DataError: a line with another number of fields, a value that is not a finite number, no line at all or more
            than in the header. Fewer are a warning, and empty lines are skipped.
    """
    ids = {normalize(token): number for number, token in enumerate(vocabulary.tokens) if token in vocabulary}
    known_vectors: dict[int, np.ndarray] = {}
    count, width, line = None, 0, 0
    vectors, total, squares = 0, 0.0, 0.0
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        fields = text.rstrip(" ").split(" ")
        if not text.strip():
            continue
        if line == 1 and len(fields) == 2:
            count, announced = map(parse_whole_number, fields)
            if count is not None and announced is not None:
                width = announced
                continue
            count = None
            _check_no_header(path, fields)
        width = width or len(fields) - 1
        # A few tokens of GloVe hold blanks themselves: the numbers are the last D fields.
        token = normalize(" ".join(fields[:-width])) if width else ""
        if not token:
            raise DataError(path, line, f"a token and {width or 'its'} numbers", f"{text!r:.60}")
        try:
            vector = parse_numbers(fields[-width:])
        except ValueError as error:
            raise DataError(path, line, f"{width} numbers after the token", str(error)) from error
        if not np.isfinite(vector).all():
            raise DataError(path, line, "finite numbers", f"{vector[~np.isfinite(vector)][0]}")
        wide = vector.astype("float64")  # the square of a large one is infinite in float32
        vectors, total, squares = vectors + 1, total + float(wide.sum()), squares + float(wide @ wide)
        if token in ids:
            known_vectors.setdefault(ids[token], vector)
    if not vectors or (count is not None and vectors > count):
        raise DataError(path, line, "vectors" if count is None else f"{count} vectors as in line 1", f"{vectors}")
    if count is not None and vectors < count:
        warnings.warn(f"{path}: line 1 promises {count} vectors, {vectors} are there: these are read.", stacklevel=2)
    numbers = vectors * width
    deviation = np.sqrt(max(squares / numbers - (total / numbers) ** 2, 0.0))
    matrix = np.random.default_rng(seed).normal(0.0, deviation, (len(vocabulary), width))
    largest = np.finfo("float32").max
    matrix = np.clip(matrix, -largest, largest).astype("float32")
    for number, vector in known_vectors.items():
        matrix[number] = vector
    matrix[PAD] = 0.0
    return matrix, len(known_vectors) / max(len(ids), 1)


def _check_no_header(path: str | os.PathLike, fields: list[str]) -> None:
    """Two numbers that are no header would be a vector of one number, and make every other line one."""
    try:
        parse_numbers(fields)
    except ValueError:
        return
    raise DataError(path, 1, "a token and its numbers, or how many vectors of how many numbers", f"{fields!s:.60}")
