"""What entries are trained and asked with: inputs by the names that a model gives them, targets, weights."""

from dataclasses import dataclass

import keras
import numpy as np

from tests.laws.entry import CHARACTERS, FEATURES, LETTERS, PICTURE, STEPS, VOCABULARY, movements
from tests.laws.trees import below, forest
from zoo.layers.pointed_input import FIRST
from zoo.special_ids import END, START

LENGTHS = np.array([5, 3, 1, 4], "int32")
# What a NaN would be where nothing is masked because nothing behind a step is read.
FAR = 9.0


@dataclass
class Batch:
    """Inputs by name, targets and weights: what `fit` is given."""

    inputs: dict[str, np.ndarray]
    targets: np.ndarray
    sample_weight: np.ndarray

    @property
    def x(self):
        return taken(self.inputs)


def taken(inputs):
    """As a model takes them: one that maps a single input takes the array itself, one that generates always a dict."""
    return inputs if len(inputs) > 1 or "target" in inputs else next(iter(inputs.values()))


def in_steps(inputs):
    """Names of the inputs that run along with the outputs: of a generating model its own output, else all."""
    return ["target"] if "target" in inputs else [name for name in inputs if name != "lengths"]


def batch(entry, model, lengths=LENGTHS, steps=STEPS, seed=0, poison=False):
    """Rows drawn one after another, each from its own seed, so that each is the same in every batch. Padding is zeros,
    or `poison`: NaN in frames, other characters, other targets. Weights are 1 on what is real. A source is as long as
    the row before, or, where its positions are said, one shorter than what is said; a question as its story."""
    names = [tensor.name for tensor in model.inputs]
    of_a_step = {tensor.name: tensor.shape[2:] for tensor in model.inputs}
    random = [np.random.default_rng((of_row, row)) for row, of_row in enumerate(np.broadcast_to(seed, len(lengths)))]
    lengths = np.asarray(lengths, "int32")
    source_lengths = np.maximum(lengths - 1, 0) if entry.kind == "generated positions" else np.roll(lengths, 1)
    real, source_real = (np.arange(steps) < long[:, None] for long in (lengths, source_lengths))

    def rows(draw, shape):
        drawn = np.stack([draw(r, (STEPS, *shape)) for r in random])
        padded = np.zeros((len(lengths), steps, *shape), drawn.dtype)
        padded[:, :STEPS] = drawn[:, :steps]
        return padded

    def cut(values, filling=0, real=real):
        return np.where(real.reshape(*real.shape, *[1] * (values.ndim - 2)), values, filling).astype(values.dtype)

    def tokens(r, shape):
        return r.integers(1, VOCABULARY, shape).astype("int32")

    def frames(r, shape):
        return r.normal(size=shape).astype("float32")

    if "children" in names:
        inputs, real = forest(random, lengths, entry.arguments.get("arity", 2), more=steps - STEPS, poison=poison)
        phrases = below(inputs) @ inputs["tokens"]
        return Batch(inputs, *answers(entry, real, seed, poison, phrases))
    inputs = {}
    if "tokens" in names:
        inputs["tokens"] = cut(rows(tokens, ()))
    if "target" in names and entry.kind == "generated tokens":
        inputs["target"] = cut(rows(tokens, ()), 7 if poison else 0)
    if "target" in names and entry.kind in ("generated frames", "generated reals"):
        inputs["target"] = cut(rows(frames, (FEATURES,)), FAR if poison else 0)
    if entry.kind == "generated strokes":
        inputs["target"] = cut(rows(lambda r, shape: movements(r, shape[:1]), (3,)), FAR if poison else 0)
    if "target" in names and entry.kind == "generated pixels":  # any numbers, so that no two rows begin alike
        inputs["target"] = cut(rows(frames, (1,)), FAR if poison else 0)
    if "characters" in names:
        letters = rows(lambda r, shape: spelled(r, shape, CHARACTERS), (LETTERS,))
        inputs["characters"] = cut(letters, 2 if poison else 0)
    if "story" in names:  # sentences of 1 to 4 words
        story = cut(rows(lambda r, shape: spelled(r, shape, VOCABULARY), (LETTERS,)))
        inputs["story"] = np.pad(story, [(0, 0), (0, 0), (0, steps - STEPS)])
        inputs["question"] = cut(rows(tokens, ()))
    if "frames" in names:
        inputs["frames"] = cut(rows(frames, of_a_step["frames"]), np.nan if poison else 0)
        inputs["lengths"] = lengths
    if "source_lengths" in names:
        inputs["source"] = cut(rows(frames, of_a_step["source"]), np.nan if poison else 0, source_real)
        inputs["source_lengths"] = source_lengths
    elif "source" in names and of_a_step["source"]:  # utterances of 1 to 4 words
        spoken = rows(lambda r, shape: spelled(r, shape, VOCABULARY), (LETTERS,))
        inputs["source"] = cut(spoken, 0, source_real)
    elif "source" in names:
        inputs["source"] = cut(rows(tokens, ()), 0, source_real)
    if "picture" in names:
        inputs["picture"] = np.stack([r.normal(size=PICTURE) for r in random]).astype("float32")
    if "label" in names:
        inputs["label"] = (np.arange(len(lengths), dtype="int32") + seed) % 4
    if "vector" in names:
        inputs["vector"] = np.stack([r.normal(size=2) for r in random]).astype("float32")
    if entry.open:
        if "source_as_target" in names:
            lent = [lend(row) for row in inputs["source"]]
            inputs["source_as_target"] = cut(np.array(lent, "int32"), 5 if poison else 0, source_real)
            told = [offered(r, row) for r, row in zip(random, lent, strict=True)]
        else:
            visits = entry.arguments["visits"]
            told = [positions(r, count, visits) for r, count in zip(random, source_lengths, strict=True)]
        said = np.zeros((len(lengths), steps), "int32")
        said[:, :STEPS] = told
        fed = np.concatenate([np.full_like(said[:, :1], START), said[:, :-1]], axis=1)
        inputs["target"] = cut(fed, 7 if poison else 0)
        return Batch(inputs, cut(said, 1 if poison else 0), real.astype("float32"))
    if entry.kind == "transcript":
        return Batch(inputs, *transcripts(entry, lengths, seed))
    return Batch(inputs, *answers(entry, real if entry.aligned else lengths > 0, seed, poison))


def answers(entry, real, seed, poison, phrases=None):
    """Targets of whatever rows, steps or nodes are real, and their weights. Phrases of the same sum of words have the
    same target: nobody could learn by heart that a word is two things."""
    random = np.random.default_rng([*np.atleast_1d(seed), 99])
    if real.ndim == 1:
        return entry.targets(real.shape, random), real.astype("float32")
    if phrases is None:
        drawn = entry.targets((len(real), 12), random)[:, : real.shape[1]]
    else:
        drawn = entry.targets((STEPS * VOCABULARY,), random)[phrases]
    mask = real.reshape(*real.shape, *[1] * (drawn.ndim - 2))
    return np.where(mask, drawn, int(poison)).astype(drawn.dtype), real.astype("float32")


def transcripts(entry, lengths, seed):
    """As many symbols as there are steps, at most 2, no two alike, so that there is room for them; padding is 0. One
    weight a row."""
    drawn = [
        np.random.default_rng((seed, row)).permutation(np.arange(1, entry.width))[:2] for row in range(len(lengths))
    ]
    return np.where(np.arange(2) < lengths[:, None], drawn, 0).astype("int32"), (lengths > 0).astype("float32")


def company(entry, model, data):
    """Inputs in which a batch's first row is among others, and by itself."""
    if entry.over == "trees":
        among = batch(entry, model, [LENGTHS[0], *LENGTHS[-2::-1]], seed=[0, 5, 5, 5])
        return among.inputs, batch(entry, model, LENGTHS[:1]).inputs
    others = batch(entry, model, LENGTHS[::-1], seed=5).inputs
    among = {name: np.concatenate([array[:1], others[name][1:]]) for name, array in data.inputs.items()}
    return among, {name: array[:1] for name, array in data.inputs.items()}


def spelled(random, shape, size):
    """Ids, at least one a row, padding behind them."""
    drawn = random.integers(0, size, shape).astype("int32")
    drawn[..., 0] = np.maximum(drawn[..., 0], 1)
    return -np.sort(-drawn)


def lend(source):
    """A source's tokens by the ids of the target: it has no 1, 2 and 3, so they follow its own, in order."""
    lacking = [int(token) for token in dict.fromkeys(source) if 0 < token < 4]
    return [VOCABULARY + lacking.index(token) if token in lacking else token for token in source]


def offered(random, lent):
    """Tokens of the target's own, and of what its source lends."""
    return random.integers(1, max(VOCABULARY, 1 + max(lent)), STEPS)


def positions(random, count, visits):
    """Ids of positions, and the end."""
    node_rows = random.permutation(count) if visits == "all" else random.integers(0, max(count, 1), count)
    return [*(FIRST + node_rows), END, *[0] * (STEPS - count - 1)]


def tensors(nested):
    return keras.tree.map_structure(keras.ops.convert_to_tensor, nested)
