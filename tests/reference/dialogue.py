"""A dialogue read in two levels, utterance by utterance, in float64."""

import numpy as np

from tests.reference.cells import Weights, elman


def read(
    words: list[list[int]],
    embedding: np.ndarray,
    turns: np.ndarray,
    forward: Weights,
    backward: Weights,
    context: Weights,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """What each word says, and the context after each utterance, by Elman cells.

    Args:
        words: ids of every utterance, without padding; those of nothing are empty lists.
        embedding, turns: a vector for every word; for the one who spoke last, and the other.
        forward, backward, context: weights of the cells.
    Returns:
        For every utterance (W, 2 units) and (units of the context,).
    """
    half = forward["bias"].shape[0]
    said, vectors = [], []
    for number, ids in enumerate(words):
        place = (len(words) - 1 - number) % 2
        if not ids:
            said.append(np.zeros((0, 2 * half)))
            vectors.append(np.concatenate([np.zeros(2 * half), turns[place]]))
            continue
        inputs = np.array([embedding[word] for word in ids])
        there = elman(inputs, forward, np.zeros(half))
        back = elman(inputs[::-1], backward, np.zeros(half))[::-1]
        said.append(np.concatenate([there, back], axis=1))
        vectors.append(np.concatenate([there[-1], back[0], turns[place]]))
    after = elman(np.array(vectors), context, np.zeros(context["bias"].shape[0]))
    return said, list(after)
