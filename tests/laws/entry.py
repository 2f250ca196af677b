"""One form of a model, as the laws build, feed and read it."""

import inspect
from dataclasses import dataclass, field

import keras
import numpy as np

import zoo
from tests.laws.draws import numpy_initial_weights
from zoo.registry import MODELS

BATCH, STEPS = 4, 5
VOCABULARY, CHARACTERS, LETTERS, FEATURES, OUTPUTS, UNITS = 9, 7, 4, 3, 4, 3
PICTURE, REGIONS = (4, 4, 2), 4  # each region a quarter
MIXED = 2  # components of a mixture


@dataclass(frozen=True)
class Entry:
    """One form of a model.

    Args:
        model: its name in the registry.
        arguments: of `zoo.build`, beside outputs and units.
        over: what it goes over: "steps", the sentences of a "story", or "trees", whose rows have no axis of their own.
        aligned: it says one thing a step, or a node.
        causal: what it says at a step reads nothing behind that step.
        best: a loss below this is the proof that it learned one batch by heart.
        idle: weights, by the end of their path, that this form has no use for.
        shared: of matrices for ids that are no embedding layer's, by name, the inputs whose ids they are for.
    """

    model: str
    arguments: dict = field(default_factory=dict)
    over: str = "steps"
    aligned: bool = False
    causal: bool = False
    best: float = 0.05
    idle: str | None = None
    shared: dict[str, list[str]] = field(default_factory=dict)

    def plain(self, **more):
        """The model as the registry builds it."""
        sizes = {"units": UNITS} if self.generates else {"units": UNITS, "outputs": OUTPUTS}
        return zoo.build(self.model, **{**sizes, **self.arguments, **more})

    def build(self, **more):
        """The compiled model, its weights moved away from the zeros and ones they start with."""
        with numpy_initial_weights():
            model = self.plain(**more)
        draw = np.random.default_rng(3)
        for weight in model.trainable_weights:
            weight.assign(weight + draw.normal(size=weight.shape, scale=0.2))
        self.compile(model)
        return model

    def built(self):
        """The same model every time, its weights put back: building is most of what a law costs."""
        if id(self) not in BUILT:
            BUILT.clear()  # the laws of an entry follow one another: the last one's model is not needed again
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
        """What its targets are: classes, yes or no, numbers, a path of tags, a transcript; tokens, those that may be of
        its source, positions, yes and no, real numbers or movements of a pen of its own."""
        if self.model == "pointer_network":
            return "generated positions"
        if "copying" in self.arguments:
            return "generated copies"
        if "kernel" in self.arguments:
            return "generated pixels"
        if self.generates:
            if not {"features", "target_features"} & set(self.arguments):
                return "generated tokens"
            outputs = {"gaussian": "generated reals", "mixture": "generated reals", "strokes": "generated strokes"}
            return outputs.get(self.arguments.get("output"), "generated frames")
        own = {"crf_tagger": "path", "ctc_recognizer": "transcript"}
        return own.get(self.model, self.arguments.get("activation", "softmax"))

    @property
    def spoken(self):
        """The name of the output that matters."""
        return "scores" if self.generates or self.kind in ("path", "transcript") else "probabilities"

    @property
    def recurrent(self):
        """The name of the layer that recurs over what the outputs are aligned with, or asks again and again."""
        return RECURRENT.get(self.model, "stack")

    def looked_up(self, weight):
        """The names of the inputs whose ids a weight has a row each for; none where every row is for all of them."""
        owner, name = weight.path.split("/")[-2:]
        if name != "embeddings" or ("tied" in self.arguments and owner == "target_embedding"):
            return self.shared.get(name, [])
        if self.generates:
            return ["label" if owner == "summary" else owner.removesuffix("_embedding")]
        return ["characters" if weight.shape[0] == CHARACTERS else "tokens"]

    @property
    def width(self):
        """Of what it says, without what a source offers behind it; an answer that has no number is a word."""
        widths = {
            "generated tokens": VOCABULARY,
            "generated copies": VOCABULARY,
            "generated positions": 4,
            "generated frames": FEATURES,
            "generated pixels": self.arguments.get("levels", 1),
            "generated reals": MIXED * (1 + 2 * FEATURES) if "components" in self.arguments else 2 * FEATURES,
            "generated strokes": 3 + 6 * MIXED,
        }
        return widths.get(self.kind, self.arguments.get("outputs", OUTPUTS) or VOCABULARY)

    @property
    def open(self):
        """Whether every place of the source makes what it says one wider."""
        return self.kind in ("generated copies", "generated positions")

    def targets(self, shape, random):
        if self.kind in ("softmax", "path"):
            drawn = random.integers(0, self.width, shape).astype("int32")
            return drawn if "allowed" not in self.arguments else np.sort(drawn, axis=-1)
        if self.kind == "generated tokens":
            return random.integers(1, VOCABULARY, shape).astype("int32")
        if self.kind == "generated pixels":
            return random.integers(0, max(2, self.width), (*shape, 1)).astype("float32")
        if self.kind == "generated reals":
            return random.normal(size=(*shape, FEATURES)).astype("float32")
        if self.kind == "generated strokes":
            return movements(random, shape)
        return random.integers(0, 2, (*shape, self.width)).astype("float32")


def movements(random, shape):
    """Of a pen: how far it goes both ways, and its state."""
    pens = random.integers(0, 3, (*shape, 1))
    return np.concatenate([random.normal(size=(*shape, 2)), pens], axis=-1).astype("float32")


BUILT: dict[int, tuple] = {}

RECURRENT = {
    "encoder_decoder": "decoder",
    "dialogue": "decoder",
    "pointer_network": "decoder",
    "memory_network": "hops",
    "turing_machine": "machine",
    "recursive_tree": "recursion",
    "transformer": "decoder",
    "captioner": "decoder",
    "video_captioner": "decoder",
}
LOSSES = {
    "softmax": keras.losses.SparseCategoricalCrossentropy,
    "sigmoid": keras.losses.BinaryCrossentropy,
    None: keras.losses.MeanSquaredError,
}
