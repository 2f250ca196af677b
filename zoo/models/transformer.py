from typing import Any

import keras
from keras import ops

from zoo.layers.attention_penalties import AttentionPenalties
from zoo.layers.transformer_stack import TransformerStack
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.models.base.self_attentive_source import SelfAttentiveSource
from zoo.models.base.target import Target


@keras.saving.register_keras_serializable(package="zoo")
class Transformer(AutoregressiveModel):
    """Transformer encoder-decoder: one sequence to another by attention alone.

        m_1 .. m_S = blocks(sqrt(D) e(x_1) + PE(0) .. )
        o_t        = blocks(sqrt(D) e(y_0) + PE(0) .. e(y_{t-1}) .. ; m)_t     each step looks back, and at m
        scores_t   = W o_t + b

    Where the last block looked at m, the mean over its heads, is the alignment. A step keeps the keys and values of the
    steps before it, so none is computed twice.

    Args:
        source_vocabulary_size: how many ids source tokens have; for tokens. Or source_features: numbers in a frame.
        target_vocabulary_size: how many ids target tokens have; or target_features: numbers in a frame.
        output: what target frames are, a name of `zoo.models.base.target.OUTPUTS`: bernoulli, gaussian, mixture or
            strokes.
        components: of a mixture or of strokes.
        units: width of every layer, and of a token's vector.
        layers: blocks of the encoder, and of the decoder.
        heads: of attention; they share the units.
        feed_forward: width of each block's inner layer; 4 units if None.
        nonlinearity: of the inner layer, "relu" or "gelu".
        positions: a name of `zoo.layers.positional_encoding.POSITIONS`, "sinusoidal" or "learned".
        maximum_length: of learned positions, the longest source or target.
        dropout: rate on the input vectors and on what each part of a block adds.
        tied: the read-out uses the target embedding's matrix, transposed.
        label_smoothing: share of a target's mass that the loss spreads over the tokens it can emit (`nats` do not).
        penalties: on the alignment while training, by name of `zoo.ops.attention_penalties.PENALTIES`, each with its
            weight.
        penalty_ramp: the updates between which they grow from none to all.
        maximum_source: the longest source that is taken; None: any.
    Shapes:
        {"source" (B, S) int32 or (B, S, source_features), "target" (B, T) int32 or (B, T, target_features)}
        -> {"scores" (B, T, V) float32, of frames (B, T, their output's size), "hidden" (B, T, units), "alignment"
        (B, T, S), "memory_mask" (B, S)}; source frames come with "source_lengths" (B,).
    Raises:
        ValueError: neither or both of vocabulary and features; an unknown name, with the closest; heads that do not
            divide units; learned positions without a maximum_length; tied frames.
    Reference: Vaswani et al. 2017, arXiv:1706.03762. Differs: each part of a block normalises what it reads
        (arXiv:2002.04745), source and target have embeddings of their own.
    """

    def __init__(
        self,
        *,
        source_vocabulary_size: int | None = None,
        source_features: int | None = None,
        target_vocabulary_size: int | None = None,
        target_features: int | None = None,
        output: str = "bernoulli",
        components: int = 10,
        units: int = 256,
        layers: int = 3,
        heads: int = 4,
        feed_forward: int | None = None,
        nonlinearity: str = "relu",
        positions: str = "sinusoidal",
        maximum_length: int | None = None,
        dropout: float = 0.0,
        tied: bool = False,
        label_smoothing: float = 0.0,
        penalties: dict[str, float] | None = None,
        penalty_ramp: tuple[int, int] = (0, 0),
        maximum_source: int | None = None,
        name: str = "transformer",
    ):
        arguments = dict(locals())
        blocks: dict[str, Any] = {
            "layers": layers,
            "heads": heads,
            "feed_forward": feed_forward,
            "nonlinearity": nonlinearity,
            "positions": positions,
            "maximum_length": maximum_length,
            "dropout": dropout,
        }
        reading = SelfAttentiveSource(source_vocabulary_size, source_features, units=units, blocks=blocks)
        side = Target(
            target_vocabulary_size,
            target_features,
            output=output,
            components=components,
            embedding_size=units,
            smoothing=label_smoothing,
        )
        tokens = target_features is None
        decoder = TransformerStack(units, causal=True, reads_memory=True, tokens=tokens, name="decoder", **blocks)
        readout = side.readout(tied)
        target = side.input()
        memory, mask = reading.read(reading.inputs)
        outputs, alignment = decoder(side.embed(target), memory=memory, memory_mask=mask)
        super().__init__(
            {**reading.inputs, "target": target},
            {"scores": readout(outputs), "hidden": outputs, "alignment": alignment, "memory_mask": mask},
            distribution=side.distribution,
            arguments=arguments,
            penalties=AttentionPenalties(penalties, penalty_ramp, name="penalties") if penalties else None,
            name=name,
        )
        self.reading, self.side, self.decoder, self.read_out = reading, side, decoder, readout
        # How many source steps stand behind one position of the memory.
        self.reduction = reading.reduction
        self.maximum_source = maximum_source

    def encode(self, inputs):
        return {"memory": self.decoder.prepare(*self.reading.read(inputs))}

    def start(self, context, length):
        return self.decoder.start(ops.shape(context["memory"]["mask"])[0], length)

    def step(self, value, state, context):
        outputs, state, alignment = self.decoder.step(self.side.embed(value), state, context["memory"])
        return self.read_out(outputs), state, {"alignment": alignment}
