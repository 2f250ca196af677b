"""Every registered model at a tiny size, in the forms whose code differs: what the laws are held against.

A model enters the registry only with an entry here. An entry names the arguments that choose a form; inputs are drawn
from the names that the model itself gives to its inputs.
"""

from dataclasses import dataclass, field

import keras
import numpy as np

import zoo

BATCH, STEPS = 4, 5
LENGTHS = np.array([5, 3, 1, 4], "int32")
VOCABULARY, CHARACTERS, LETTERS, FEATURES, OUTPUTS, UNITS = 9, 7, 4, 3, 4, 3

TOKENS = {"vocabulary_size": VOCABULARY, "embedding_size": 3}
WORDS = {**TOKENS, "character_vocabulary_size": CHARACTERS, "character_units": 3}
# Tags never fall; any may start (last row) and any may end (last column).
UPWARD = [[int(after >= before) for after in range(OUTPUTS)] + [1] for before in range(OUTPUTS)] + [[1] * OUTPUTS + [0]]
FRAMES = {"features": FEATURES, "variable_length": True}
DEEP = {"layers": 2, "residual": True, "layer_normalization": True}


@dataclass(frozen=True)
class Entry:
    """One form of a model.

    Args:
        model: its name in the registry.
        arguments: of `zoo.build`, beside outputs and units.
        aligned: it says one thing a step.
        causal: what it says at a step reads nothing behind that step.
        best: a loss below this is the proof that it learned one batch by heart.
    """

    model: str
    arguments: dict = field(default_factory=dict)
    aligned: bool = False
    causal: bool = False
    best: float = 0.05

    def build(self, **more):
        """The compiled model, its weights moved away from the zeros and ones they start with."""
        model = zoo.build(self.model, **{"outputs": OUTPUTS, "units": UNITS, **self.arguments, **more})
        draw = np.random.default_rng(3)
        for weight in model.trainable_weights:
            weight.assign(weight + draw.normal(size=weight.shape, scale=0.2))
        self.compile(model)
        return model

    def built(self):
        """The same model every time, its weights put back: building is most of what a law costs."""
        if id(self) not in BUILT:
            model = self.build()
            BUILT[id(self)] = model, model.get_weights()
        model, weights = BUILT[id(self)]
        model.set_weights(weights)
        return model

    def compile(self, model, **options):
        """With the loss that its targets need; a model that brings its own takes none."""
        if self.kind != "path":
            options["loss"] = LOSSES[self.kind](reduction="mean_with_sample_weight")
        model.compile(keras.optimizers.Adam(0.03), **options)

    @property
    def kind(self):
        if self.model == "crf_tagger":
            return "path"
        return self.arguments.get("activation", "softmax")

    def targets(self, shape, random):
        if self.kind in ("softmax", "path"):
            drawn = random.integers(0, OUTPUTS, shape).astype("int32")
            return drawn if "allowed" not in self.arguments else np.sort(drawn, axis=-1)
        return random.integers(0, 2, (*shape, OUTPUTS)).astype("float32")


BUILT: dict[int, tuple] = {}

LOSSES = {
    "softmax": keras.losses.SparseCategoricalCrossentropy,
    "sigmoid": keras.losses.BinaryCrossentropy,
    None: keras.losses.MeanSquaredError,
}

ENTRIES = {
    "many_to_one": {
        "attention": Entry(
            "many_to_one", {**TOKENS, **DEEP, "layers": 1, "bidirectional": True, "pooling": "attention"}
        ),
        "frames": Entry("many_to_one", {**FRAMES, "cell": "peephole_lstm", "activation": None}, causal=True),
    },
    "many_to_many": {
        "words": Entry("many_to_many", {**WORDS, "cell": "gru"}, aligned=True),
        "causal": Entry("many_to_many", {**TOKENS, **DEEP, "bidirectional": False}, aligned=True, causal=True),
        "frames": Entry(
            "many_to_many",
            {**FRAMES, "cell": "coupled_lstm", "activation": "sigmoid", "bidirectional": False},
            aligned=True,
            causal=True,
        ),
    },
    "crf_tagger": {
        "words": Entry("crf_tagger", {**WORDS, "allowed": UPWARD}, aligned=True),
        "frames": Entry("crf_tagger", {**FRAMES, "cell": "gru_reset_before"}, aligned=True),
    },
}
EACH = [(f"{model}_{form}", entry) for model, forms in ENTRIES.items() for form, entry in forms.items()]


@dataclass
class Batch:
    """Inputs by name, targets and weights: what `fit` is given."""

    inputs: dict[str, np.ndarray]
    targets: np.ndarray
    sample_weight: np.ndarray

    @property
    def x(self):
        """A model of one input takes the array itself."""
        return self.inputs if len(self.inputs) > 1 else next(iter(self.inputs.values()))


def batch(entry, model, lengths=LENGTHS, steps=STEPS, seed=0, poison=False):
    """Rows drawn one after another, so that each is the same in every batch. Padding is zeros, or `poison`: NaN in
    frames, other characters, other targets. Weights are 1 on what is real."""
    names = [tensor.name for tensor in model.inputs]
    random = [np.random.default_rng((seed, row)) for row in range(len(lengths))]
    real = np.arange(steps) < np.asarray(lengths)[:, None]

    def rows(draw, shape):
        drawn = np.stack([draw(r, (int(max(lengths)), *shape)) for r in random])
        padded = np.zeros((len(lengths), steps, *shape), drawn.dtype)
        padded[:, : drawn.shape[1]] = drawn[:, :steps]
        return padded

    def cut(values, filling=0):
        return np.where(real.reshape(*real.shape, *[1] * (values.ndim - 2)), values, filling).astype(values.dtype)

    inputs = {}
    if "tokens" in names:
        inputs["tokens"] = cut(rows(lambda r, shape: r.integers(1, VOCABULARY, shape).astype("int32"), ()))
    if "characters" in names:
        letters = rows(lambda r, shape: r.integers(0, CHARACTERS, shape).astype("int32"), (LETTERS,))
        letters[..., 0] = np.maximum(letters[..., 0], 1)
        inputs["characters"] = cut(-np.sort(-letters), 2 if poison else 0)
    if "frames" in names:
        frames = rows(lambda r, shape: r.normal(size=shape).astype("float32"), (FEATURES,))
        inputs["frames"] = cut(frames, np.nan if poison else 0)
        inputs["lengths"] = np.asarray(lengths, "int32")
    random = np.random.default_rng((seed, 99))
    if not entry.aligned:
        return Batch(inputs, entry.targets((len(lengths),), random), np.asarray(np.array(lengths) > 0, "float32"))
    targets = entry.targets((len(lengths), 12), random)[:, :steps]
    return Batch(inputs, cut(targets, 1 if poison else 0), real.astype("float32"))
