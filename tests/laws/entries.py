"""Every registered model at a tiny size, in the forms whose code differs: what the laws are held against.

A model enters the registry only with an entry here. An entry names the arguments that choose a form; inputs are drawn
from the names that the model itself gives to its inputs (`batches.py`).
"""

import inspect
from dataclasses import dataclass, field

import keras
import numpy as np

import zoo
from zoo.registry import MODELS

BATCH, STEPS = 4, 5
VOCABULARY, CHARACTERS, LETTERS, FEATURES, OUTPUTS, UNITS = 9, 7, 4, 3, 4, 3

TOKENS = {"vocabulary_size": VOCABULARY, "embedding_size": 3}
WORDS = {**TOKENS, "character_vocabulary_size": CHARACTERS, "character_units": 3}
# Tags never fall; any may start (last row) and any may end (last column).
UPWARD = [[int(after >= before) for after in range(OUTPUTS)] + [1] for before in range(OUTPUTS)] + [[1] * OUTPUTS + [0]]
FRAMES = {"features": FEATURES, "variable_length": True}
DEEP = {"layers": 2, "residual": True, "layer_normalization": True}
# Tokens to tokens; a source of two directions, which share the units.
PAIRS = {
    "source_vocabulary_size": VOCABULARY,
    "target_vocabulary_size": VOCABULARY,
    "embedding_size": 3,
    "units": 4,
}


@dataclass(frozen=True)
class Entry:
    """One form of a model.

    Args:
        model: its name in the registry.
        arguments: of `zoo.build`, beside outputs and units.
        aligned: it says one thing a step.
        causal: what it says at a step reads nothing behind that step.
        best: a loss below this is the proof that it learned one batch by heart.
        idle: weights, by the end of their path, that this form has no use for.
    """

    model: str
    arguments: dict = field(default_factory=dict)
    aligned: bool = False
    causal: bool = False
    best: float = 0.05
    idle: str | None = None

    def plain(self, **more):
        """The model as the registry builds it."""
        sizes = {"units": UNITS} if self.generates else {"units": UNITS, "outputs": OUTPUTS}
        return zoo.build(self.model, **{**sizes, **self.arguments, **more})

    def build(self, **more):
        """The compiled model, its weights moved away from the zeros and ones they start with."""
        model = self.plain(**more)
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
        if self.kind in LOSSES:
            options["loss"] = LOSSES[self.kind](reduction="mean_with_sample_weight")
        model.compile(keras.optimizers.Adam(0.03), **options)

    @property
    def generates(self):
        return inspect.isclass(MODELS[self.model])

    @property
    def kind(self):
        """What its targets are: classes, yes or no, numbers, a path of tags; tokens, those that may be of its source,
        positions or yes and no of its own."""
        if self.model == "pointer_network":
            return "generated positions"
        if "copying" in self.arguments:
            return "generated copies"
        if self.generates:
            frames = {"features", "target_features"} & set(self.arguments)
            return "generated frames" if frames else "generated tokens"
        return "path" if self.model == "crf_tagger" else self.arguments.get("activation", "softmax")

    @property
    def spoken(self):
        """The name of the output that matters."""
        return "scores" if self.generates or self.kind == "path" else "probabilities"

    @property
    def recurrent(self):
        """The name of the layer that recurs over what the outputs are aligned with."""
        return "decoder" if self.model in ("encoder_decoder", "pointer_network") else "stack"

    def looked_up(self, embeddings):
        """The name of the input whose ids an embedding's matrix is for."""
        owner = embeddings.path.split("/")[-2]
        if self.generates:
            return "label" if owner == "code" else owner.removesuffix("_embedding")
        return "characters" if embeddings.shape[0] == CHARACTERS else "tokens"

    @property
    def width(self):
        """Of what it says, without what a source offers behind it."""
        widths = {
            "generated tokens": VOCABULARY,
            "generated copies": VOCABULARY,
            "generated positions": 4,
            "generated frames": FEATURES,
        }
        return widths.get(self.kind, OUTPUTS)

    @property
    def open(self):
        """Whether every place of the source makes what it says one wider."""
        return self.kind in ("generated copies", "generated positions")

    def targets(self, shape, random):
        if self.kind in ("softmax", "path"):
            drawn = random.integers(0, OUTPUTS, shape).astype("int32")
            return drawn if "allowed" not in self.arguments else np.sort(drawn, axis=-1)
        if self.kind == "generated tokens":
            return random.integers(1, VOCABULARY, shape).astype("int32")
        return random.integers(0, 2, (*shape, self.width)).astype("float32")


BUILT: dict[int, tuple] = {}

LOSSES = {
    "softmax": keras.losses.SparseCategoricalCrossentropy,
    "sigmoid": keras.losses.BinaryCrossentropy,
    None: keras.losses.MeanSquaredError,
}


def generating(model, **arguments):
    return Entry(model, arguments, aligned=True, causal=True)


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
    "language_model": {
        "tied": generating("language_model", **TOKENS, **DEEP, tied=True),
        "frames": generating("language_model", features=FEATURES, layers=1, cell="gru"),
    },
    "one_to_many": {
        "class": generating("one_to_many", **TOKENS, classes=BATCH, code_size=2, layers=2),
        "vector": generating("one_to_many", **TOKENS, vector_size=2, code_size=2, code="every_step", cell="elman"),
    },
    "encoder_decoder": {
        "pyramid": generating(
            "encoder_decoder",
            **(PAIRS | {"source_vocabulary_size": None}),
            source_features=FEATURES,
            attention=None,
            code="every_step",
            encoder="pyramid",
            layers=2,
            cell="gru_reset_before",
        ),
        "luong": generating(
            "encoder_decoder",
            **(PAIRS | {"embedding_size": 4}),
            attention="location",
            input_feeding=True,
            layers=2,
            residual=True,
            tied=True,
        ),
        "bahdanau": generating("encoder_decoder", **PAIRS, attention="additive", order="bahdanau", cell="gru"),
        "copying": generating(
            "encoder_decoder",
            **PAIRS,
            attention="coverage",
            order="bahdanau",
            cell="gru",
            copying="pointer_generator",
            penalties={"coverage": 0.01, "doubly_stochastic": 0.01, "entropy": 0.01},
        ),
    },
    "pointer_network": {
        "tokens": generating(
            "pointer_network", source_vocabulary_size=VOCABULARY, embedding_size=3, units=4, visits="any"
        ),
        "points": Entry(
            "pointer_network",
            {
                "source_features": FEATURES,
                "embedding_size": 3,
                "units": 4,
                "cell": "gru",
                "visits": "all",
                "glimpses": 1,
                "clip": 10.0,
            },
            aligned=True,
            causal=True,
            idle="pointer/end",  # it may only be said when there is nothing else to say
        ),
    },
}
EACH = [(f"{model}_{form}", entry) for model, forms in ENTRIES.items() for form, entry in forms.items()]
GENERATING = [(name, entry) for name, entry in EACH if entry.generates]
