"""A generating model taken step by step, and the same by calling it on everything said so far, again and again."""

import keras
import numpy as np
from keras import ops

from tests.cells.oracle import numpy


def stepped(model, inputs):
    """What the steps say: scores and trace by name, (B, T, ...)."""
    inputs = {name: ops.convert_to_tensor(array) for name, array in inputs.items()}
    context, rows = model.encode(inputs), []
    state = model.start(context, inputs["target"].shape[1])
    for t in range(inputs["target"].shape[1]):
        scores, state, trace = model.step(inputs["target"][:, t], state, context)
        rows.append({"scores": scores, **trace})
    return numpy(keras.tree.map_structure(lambda *tensors: ops.stack(tensors, axis=1), *rows))


def log_probabilities(model, inputs, prefixes):
    """log p of every next token after each of the prefixes, (N, V), by a call on all of them; one example's inputs."""
    repeated = {name: np.repeat(array, len(prefixes), axis=0) for name, array in inputs.items()}
    scores = numpy(model({**repeated, "target": np.asarray(prefixes, "int32")}))["scores"][:, -1]
    scores = scores.astype("float64")
    return scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)


def greedily(model, inputs, length, start=2, end=3):
    """The likeliest token after another that is neither padding nor start, and log p of the whole."""
    said, total = [], 0.0
    while len(said) < length:
        [found] = log_probabilities(model, inputs, [[start, *said]])
        token = int(np.argmax(np.where(np.isin(np.arange(len(found)), (0, start)), -np.inf, found)))
        total += found[token]
        if token == end:
            break
        said.append(token)
    return said, total


def by_beams(model, inputs, length, width, start=2, end=3):
    """The likeliest ended output among those of a beam search without a length penalty, and its log p."""
    alive, ended = [([start], 0.0)], []
    for _ in range(length):
        found = log_probabilities(model, inputs, [prefix for prefix, _ in alive])
        continued = [
            ([*prefix, token], total + found[row][token])
            for row, (prefix, total) in enumerate(alive)
            for token in range(found.shape[1])
            if token not in (0, start)
        ]
        best = sorted(continued, key=lambda pair: -pair[1])[:width]
        ended += [pair for pair in best if pair[0][-1] == end]
        alive = [pair for pair in best if pair[0][-1] != end]
        if not alive:
            break
    ended += alive  # what the longest output cuts off competes as it is
    said, total = max(ended, key=lambda pair: pair[1])
    return [token for token in said[1:] if token != end], total


def drawn(model, inputs, length, chances, start=2, end=3):
    """What the chances choose, by the cumulated probabilities of what may be said."""
    said = []
    for chance in chances[:length]:
        [found] = log_probabilities(model, inputs, [[start, *said]])
        p = np.where(np.isin(np.arange(len(found)), (0, start)), 0, np.exp(found))
        token = int(np.argmax(np.cumsum(p) > chance * p.sum() * (1 - 1e-5)))
        if token == end:
            break
        said.append(token)
    return said
