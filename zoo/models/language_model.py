from typing import Any

import keras
from keras import ops

from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.models.base.target import Target
from zoo.recurrent.carried_stack import CarriedStack
from zoo.recurrent.recurrent_stack import RecurrentStack
from zoo.special_ids import START


@keras.saving.register_keras_serializable(package="zoo")
class LanguageModel(AutoregressiveModel):
    """Recurrent language model: the probability of each next token or frame, and so of a whole sequence.

        p(y) = prod_t p(y_t | y_1 .. y_{t-1}),   scores_t = W stack(e(y_0) .. e(y_{t-1})) + b,   y_0 the start

    Of tokens (characters, subwords, words), or of frames of yes and no (the keys of a chord).

    Args:
        vocabulary_size: how many ids tokens have, the four special ones included; for tokens.
        features: how many numbers a frame has; for frames.
        output: what they are, a name of `zoo.models.base.target.OUTPUTS`: bernoulli, gaussian, mixture or strokes.
        components: of a mixture or of strokes.
        cell: a name of `zoo.cells.CELLS`.
        units: width of each layer.
        layers: recurrent layers on top of each other.
        embedding_size: width of a token's vector; `units` if None.
        residual: add each layer's input to its output.
        layer_normalization: normalise each layer's input.
        dropout: rate on the input vectors and on each layer's output.
        tied: the read-out uses the embedding's matrix, transposed.
        label_smoothing: share of a target's mass that the loss spreads over the tokens it can emit (`nats` do not).
        carried_rows: rows of a batch of which the state is remembered for the next batch (truncated
            back-propagation): a row that does not begin with the start id goes on where it ended; 0: none.
    Shapes:
        {"target" (B, T) int32, or (B, T, features) float32} -> {"scores" (B, T, V) float32, of frames (B, T, their
        output's size)}.
    Raises:
        ValueError: neither or both of vocabulary_size and features; tied or carried frames.
    Reference: Mikolov et al. 2010, Recurrent neural network based language model; Graves 2013, arXiv:1308.0850;
        Zaremba et al. 2014, arXiv:1409.2329 (dropout between layers only).
    """

    def __init__(
        self,
        *,
        vocabulary_size: int | None = None,
        features: int | None = None,
        output: str = "bernoulli",
        components: int = 10,
        cell: str = "lstm",
        units: int = 256,
        layers: int = 2,
        embedding_size: int | None = None,
        residual: bool = False,
        layer_normalization: bool = False,
        dropout: float = 0.0,
        tied: bool = False,
        label_smoothing: float = 0.0,
        carried_rows: int = 0,
        name: str = "language_model",
    ):
        arguments = dict(locals())
        side = Target(
            vocabulary_size,
            features,
            output=output,
            components=components,
            embedding_size=embedding_size or units,
            dropout=dropout,
            smoothing=label_smoothing,
        )
        options: dict[str, Any] = {
            "layers": layers,
            "residual": residual,
            "dropout": dropout,
            "layer_normalization": layer_normalization,
            "name": "stack",
        }
        target = side.input()
        vectors = side.embed(target)
        if carried_rows:
            if vocabulary_size is None:
                raise ValueError("Only token models carry rows: frames take carried_rows=0.")
            stack = CarriedStack(cell, units, rows=carried_rows, **options)
            outputs, _ = stack(vectors, Begins(name="begins")(target))
        else:
            stack = RecurrentStack(cell, units, **options)
            outputs, _ = stack(vectors)
        readout = side.readout(tied)
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
        return self.stack.start(ops.shape(context["rows"])[0])

    def step(self, value, state, context):
        outputs, state = self.stack.step(self.side.embed(value), state)
        return self.read_out(outputs), state, {}


@keras.saving.register_keras_serializable(package="zoo")
class Begins(keras.layers.Layer):
    """Return whether each row begins with START. (B, T) -> (B,) bool."""

    def call(self, tokens):
        return ops.equal(tokens[:, 0], START)
