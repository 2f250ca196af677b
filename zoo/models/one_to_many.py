import keras
from keras import ops

from zoo.cells import CELLS
from zoo.layers.bridge import CONDITIONINGS, Bridge, ConcatEveryStep
from zoo.lookup import lookup
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.models.base.target import Target
from zoo.recurrent.recurrent_stack import RecurrentStack


@keras.saving.register_keras_serializable(package="zoo")
class OneToMany(AutoregressiveModel):
    """Conditional sequence generator: a sequence given a class, a vector, both, or nothing.

        v        = E[class]  or  tanh(W x)                                      the summary of the one thing
        s_0      = bridge(v)                          conditioning="initial_state"       (0 if
        conditioning="every_step") s_t      = stack([e(y_{t-1}) ; v], s_{t-1})   conditioning="every_step"  (e(y_{t-1})
        alone if conditioning="initial_state") scores_t = W s_t + b

    Args:
        vocabulary_size: how many ids the tokens to write have; for tokens.
        features: how many numbers a frame to write has; for frames.
        output: what they are, a name of `zoo.models.base.target.OUTPUTS`: bernoulli, gaussian, mixture or strokes.
        components: of a mixture or of strokes.
        classes: how many classes there are; for a class as the one thing.
        vector_size: how wide the vector is, 1 for a number; for a vector as the one thing. Without this and
            `classes`: nothing.
        conditioning: "initial_state" (the summary becomes it), "every_step" (it is concatenated to every input),
            "both".
        conditioning_size: width of the summary.
        cell: a name of `zoo.cells.CELLS`.
        units: width of each layer.
        layers: recurrent layers on top of each other.
        embedding_size: width of a token's vector.
        residual: add each layer's input to its output.
        dropout: rate on the input vectors and on each layer's output.
        tied: the read-out uses the embedding's matrix, transposed.
        label_smoothing: share of a target's mass that the loss spreads over the tokens it can emit (`nats` do not).
    Shapes:
        {"target" (B, T) int32 or (B, T, features) float32, and "label" (B,) int32 or "vector" (B, vector_size)}
        -> {"scores" (B, T, V or, of frames, their output's size) float32}.
    Raises:
        ValueError: neither or both of vocabulary_size and features; both of classes and vector_size; an unknown
            conditioning.
    Reference: Graves 2013, arXiv:1308.0850; Vinyals et al. 2015, arXiv:1411.4555 (the summary at the start).
    """

    def __init__(
        self,
        *,
        vocabulary_size: int | None = None,
        features: int | None = None,
        output: str = "bernoulli",
        components: int = 10,
        classes: int | None = None,
        vector_size: int | None = None,
        conditioning: str = "initial_state",
        conditioning_size: int = 64,
        cell: str = "lstm",
        units: int = 128,
        layers: int = 1,
        embedding_size: int = 64,
        residual: bool = False,
        dropout: float = 0.0,
        tied: bool = False,
        label_smoothing: float = 0.0,
        name: str = "one_to_many",
    ):
        arguments = dict(locals())
        if classes is not None and vector_size is not None:
            raise ValueError(
                f"The one thing is a class or a vector, not both. Received: classes={classes}, "
                f"vector_size={vector_size}"
            )
        lookup("conditioning", conditioning, CONDITIONINGS)
        side = Target(
            vocabulary_size,
            features,
            output=output,
            components=components,
            embedding_size=embedding_size,
            dropout=dropout,
            smoothing=label_smoothing,
        )
        stack = RecurrentStack(cell, units, layers=layers, residual=residual, dropout=dropout, name="stack")
        sizes = lookup("cell", cell, CELLS)(units).state_size
        bridge = Bridge([sizes] * layers, name="bridge")
        join = ConcatEveryStep(name="join")
        condition, coder = _one_thing(classes, vector_size, conditioning_size)

        target = side.input()
        vectors, states = side.embed(target), None
        if coder is not None:
            vector = coder(condition)
            if conditioning != "initial_state":
                vectors = join(vectors, vector)
            if conditioning != "every_step":
                states = [[layer] for layer in bridge(vector)]
        outputs, _ = stack(vectors, initial_state=states)
        readout = side.readout(tied)
        super().__init__(
            {"target": target} if condition is None else {"target": target, condition.name: condition},
            {"scores": readout(outputs), "hidden": outputs},
            distribution=side.distribution,
            arguments=arguments,
            name=name,
        )
        self.side, self.encoder, self.bridge, self.join = side, coder, bridge, join
        self.stack, self.read_out, self.conditioning = stack, readout, conditioning

    def encode(self, inputs):
        rows = ops.zeros_like(inputs["target"][:, :1], dtype="float32")
        if self.encoder is None:
            return {"summary": rows}
        return {"summary": self.encoder(inputs["label" if "label" in inputs else "vector"])}

    def start(self, context, length):
        if self.encoder is None or self.conditioning == "every_step":
            return self.stack.start(ops.shape(context["summary"])[0])
        return [[layer] for layer in self.bridge(context["summary"])]

    def step(self, value, state, context):
        vectors = self.side.embed(value)
        if self.encoder is not None and self.conditioning != "initial_state":
            vectors = self.join(vectors, context["summary"])
        outputs, state = self.stack.step(vectors, state)
        return self.read_out(outputs), state, {}


def _one_thing(classes, vector_size, conditioning_size):
    """The input for the one thing and the layer that makes it a summary; None, None for nothing."""
    if classes is not None:
        return keras.Input((), dtype="int32", name="label"), keras.layers.Embedding(
            classes, conditioning_size, name="summary"
        )
    if vector_size is not None:
        dense = keras.layers.Dense(conditioning_size, activation="tanh", name="summary")
        return keras.Input((vector_size,), dtype="float32", name="vector"), dense
    return None, None
