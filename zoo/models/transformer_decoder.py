import keras
from keras import ops

from zoo.layers.transformer_stack import TransformerStack
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.models.base.target import Target


@keras.saving.register_keras_serializable(package="zoo")
class TransformerDecoder(AutoregressiveModel):
    """Transformer decoder: a language model by causal self-attention.

        p(y) = prod_t p(y_t | y_1 .. y_{t-1}),   scores_t = W blocks(sqrt(D) e(y_0) + PE(0) .. e(y_{t-1}) ..)_t + b

    A step keeps the keys and values of the steps before it, so none is computed twice.

    Args:
        vocabulary_size: how many ids tokens have, the four special ones included; for tokens.
        features: how many numbers a frame has; for frames.
        output: what they are, a name of `zoo.models.base.target.OUTPUTS`: bernoulli, gaussian, mixture or strokes.
        components: of a mixture or of strokes.
        units: width of every layer, and of a token's vector.
        layers: blocks on top of each other.
        heads: of attention; they share the units.
        feed_forward: width of each block's inner layer; 4 units if None.
        nonlinearity: of the inner layer, "relu" or "gelu".
        positions: a name of `zoo.layers.positional_encoding.POSITIONS`, "sinusoidal" or "learned".
        maximum_length: of learned positions, the longest sequence.
        dropout: rate on the input vectors and on what each part of a block adds.
        tied: the read-out uses the embedding's matrix, transposed.
        label_smoothing: share of a target's mass that the loss spreads over the tokens it can emit (`nats` do not).
    Shapes:
        {"target" (B, T) int32, or (B, T, features) float32} -> {"scores" (B, T, V) float32, of frames (B, T, their
        output's size), "hidden" (B, T, units)}.
    Raises:
        ValueError: neither or both of vocabulary_size and features; an unknown name, with the closest; heads that do
            not divide units; learned positions without a maximum_length; tied frames.
    Reference: Vaswani et al. 2017, arXiv:1706.03762; Radford et al. 2019, Language Models are Unsupervised Multitask
        Learners (each part of a block normalises what it reads).
    """

    def __init__(
        self,
        *,
        vocabulary_size: int | None = None,
        features: int | None = None,
        output: str = "bernoulli",
        components: int = 10,
        units: int = 256,
        layers: int = 4,
        heads: int = 4,
        feed_forward: int | None = None,
        nonlinearity: str = "relu",
        positions: str = "sinusoidal",
        maximum_length: int | None = None,
        dropout: float = 0.0,
        tied: bool = False,
        label_smoothing: float = 0.0,
        name: str = "transformer_decoder",
    ):
        arguments = dict(locals())
        side = Target(
            vocabulary_size,
            features,
            output=output,
            components=components,
            embedding_size=units,
            smoothing=label_smoothing,
        )
        stack = TransformerStack(
            units,
            layers=layers,
            heads=heads,
            feed_forward=feed_forward,
            nonlinearity=nonlinearity,
            causal=True,
            tokens=features is None,
            positions=positions,
            maximum_length=maximum_length,
            dropout=dropout,
            name="stack",
        )
        readout = side.readout(tied)
        target = side.input()
        outputs = stack(side.embed(target))
        super().__init__(
            {"target": target},
            {"scores": readout(outputs), "hidden": outputs},
            distribution=side.distribution,
            arguments=arguments,
            name=name,
        )
        self.side, self.stack, self.read_out = side, stack, readout

    def encode(self, inputs):
        # Nothing is read; what is known is how many rows there are.
        return {"rows": ops.zeros_like(inputs["target"][:, :1], dtype="float32")}

    def start(self, context, length):
        return self.stack.start(ops.shape(context["rows"])[0], length)

    def step(self, value, state, context):
        outputs, state, _ = self.stack.step(self.side.embed(value), state)
        return self.read_out(outputs), state, {}
