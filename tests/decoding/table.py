"""A model that is a table of chances, and every output that it can have: what decoders are held against."""

import itertools
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from zoo.distributions.categorical import Categorical
from zoo.distributions.copy_categorical import CopyCategorical
from zoo.ops.logits import LOWEST
from zoo.special_ids import END, START

SIZE = 16  # padding, unknown, start, end, and twelve words
WORDS = (1, *range(4, SIZE))
PLACES = 3


@keras.saving.register_keras_serializable(package="tests")
class Table(keras.Model):
    """scores of step t = table[kind of the row, t, token before]; the token before also tells where it looks."""

    def __init__(self, table, looks=None):
        super().__init__()
        self.distribution = Categorical(SIZE)
        self.table, self.looks = ops.convert_to_tensor(table), looks
        self.built = True

    def encode(self, inputs):
        context = {"kind": inputs["source"][:, 0]}
        if self.looks is not None:
            context["memory"] = {"mask": ops.not_equal(inputs["source"][:, 1:], 0)}
        return context

    def start(self, context, length):
        return {"t": ops.zeros_like(context["kind"])}

    def step(self, token, state, context):
        at = (context["kind"] * self.table.shape[1] + state["t"]) * SIZE + token
        scores = ops.take(ops.reshape(self.table, (-1, SIZE)), at, axis=0)
        trace = {}
        if self.looks is not None:
            alignment = ops.take(ops.convert_to_tensor(self.looks), token, axis=0)
            mask = context["memory"]["mask"]
            alignment = ops.take(ops.pad(alignment, [[0, 0], [0, 9]]), ops.arange(ops.shape(mask)[1]), axis=1)
            alignment = ops.where(mask, alignment, ops.zeros_like(alignment))
            trace = {"alignment": alignment / ops.sum(alignment, axis=-1, keepdims=True)}
        return scores, {"t": state["t"] + 1}, trace


OWN = 6  # of an open table: padding, unknown, start, end, and two words


@keras.saving.register_keras_serializable(package="tests")
class OpenTable(Table):
    """The same for a vocabulary of six ids, behind which every source offers its real places."""

    def __init__(self, table, looks=None):
        super().__init__(table, looks)
        self.distribution = CopyCategorical(OWN)

    def encode(self, inputs):
        return super().encode(inputs) | {"real": ops.not_equal(inputs["source"][:, 1:], 0)}

    def step(self, token, state, context):
        scores, state, trace = super().step(ops.minimum(token, SIZE - 1), state, context)
        scores = scores[:, : OWN + ops.shape(context["real"])[1]]
        own = ops.ones_like(scores[:, :OWN], dtype="bool")
        return ops.where(ops.concatenate([own, context["real"]], axis=1), scores, LOWEST), state, trace


def open_words(places):
    """What may be said beside the end, where a source offers so many places."""
    return (1, 4, 5, *range(OWN, OWN + places))


def on_offer(chances, places):
    """The chances of sources with so many places: what lies behind has none."""
    return np.where(np.arange(SIZE) < OWN + places, chances, LOWEST)


def table(kinds=3, length=4, seed=0, sharpness=1.5):
    return np.random.default_rng(seed).normal(size=(kinds, length, SIZE, SIZE), scale=sharpness).astype("float32")


def looks(seed=1):
    return np.random.default_rng(seed).dirichlet(np.ones(PLACES), SIZE).astype("float32")


def sources(kinds, places=None, width=PLACES):
    """Inputs of a table: the kind of each row, then its real places."""
    rows = np.zeros((len(kinds), 1 + width), "int32")
    rows[:, 0] = kinds
    for row, count in zip(rows, places or [PLACES] * len(kinds), strict=True):
        row[1 : 1 + count] = 1
    return {"source": rows}


def prefixes(*given):
    """The input "target" for tokens given beforehand, a row each."""
    rows = np.zeros((len(given), 1 + max(map(len, given))), "int32")
    rows[:, 0] = START
    for row, tokens in zip(rows, given, strict=True):
        row[1 : 1 + len(tokens)] = tokens
    return {"target": rows}


def decode(decoder, inputs):
    """The outputs of `predict`, without the time that compiling takes; JAX would compile every op by itself."""
    if keras.backend.backend() == "jax":
        return decoder.predict_on_batch(inputs)
    outputs = decoder(keras.tree.map_structure(ops.convert_to_tensor, inputs))
    return keras.tree.map_structure(ops.convert_to_numpy, outputs)


def said(result, row, number=0):
    """The tokens of one output; behind them stand zeros."""
    count = result["lengths"][row, number]
    assert (result["tokens"][row, number, count:] == 0).all()
    return tuple(int(token) for token in result["tokens"][row, number, :count])


def log_softmax(scores):
    scores = scores.astype("float64")
    return scores - np.log(np.exp(scores - scores.max()).sum()) - scores.max()


@dataclass
class Output:
    """One of the outputs that exist."""

    tokens: tuple
    log_p: float
    finished: bool
    alignment: np.ndarray | None

    def score(self, length_penalty=0.0, coverage_penalty=0.0):
        length = len(self.tokens) + self.finished
        score = self.log_p / ((5 + length) / 6) ** length_penalty
        if coverage_penalty:
            seen = np.minimum(self.alignment.sum(0), 1.0)
            score += coverage_penalty * np.log(seen).sum()
        return score


def log_probability(chances, kind, said):
    """Of tokens, the end included if it was said."""
    before = (START, *said)
    return sum(log_softmax(chances[kind, t, before[t]])[token] for t, token in enumerate(said))


def everything(chances, kind, length, *, words=WORDS, looking=None, places=PLACES, may=lambda said: True, given=()):
    """All outputs of at most `length` tokens, the end included, by enumeration in float64. `may` tells whether a
    prefix (with the end, if it was said) is allowed; `given` is what it has to begin with."""
    found = []
    for count in range(len(given), length + 1):
        for rest in itertools.product(words, repeat=count - len(given)):
            tokens = (*given, *rest)
            finished = count < length
            said = (*tokens, END) if finished else tokens
            if any(not may(said[:n]) for n in range(len(given) + 1, len(said) + 1)):
                continue
            alignment = None
            if looking is not None:
                alignment = looking[[START, *said[:-1]], :places].astype("float64")
                alignment /= alignment.sum(-1, keepdims=True)
            found.append(Output(tokens, log_probability(chances, kind, said), finished, alignment))
    return found


def ranked(outputs, **penalties):
    """Best first."""
    return sorted(outputs, key=lambda output: -output.score(**penalties))


# The rules again, as a person would check them: does the last token of `said` keep them?


def long_enough(minimum):
    return lambda said: said[-1] != END or len(said) > minimum


def repeats_nothing(n):
    def may(said):
        grams = [tuple(said[i : i + n]) for i in range(len(said) - n + 1)]
        return len(grams) == len(set(grams))

    return may


def follows(allowed):
    return lambda said: bool(allowed[(START, *said)[-2], said[-1]])


def all_of(*rules):
    return lambda said: all(rule(said) for rule in rules)
