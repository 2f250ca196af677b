import keras

from zoo.models.base.attention_decoder_model import AttentionDecoderModel
from zoo.models.base.source import Source
from zoo.models.base.target import Target


@keras.saving.register_keras_serializable(package="zoo")
class EncoderDecoder(AttentionDecoderModel):
    """Recurrent encoder-decoder: one sequence to another, with attention or with one summary of the source.

        m_1 .. m_S = encoder(x),  v = its last states,  s_0 = tanh(W v + b) for every state of every layer

        with attention, by attention_style:
            "luong"          s_t = stack(e(y_{t-1}), s_{t-1}),  c_t = attention(s_t, m)
            "bahdanau"       c_t = attention(s_{t-1}, m),       s_t = stack([e(y_{t-1}) ; c_t], s_{t-1})
                             o_t = tanh(W [s_t ; c_t])
        without, by conditioning:
            "initial_state"  o_t = s_t = stack(e(y_{t-1}), s_{t-1})
            "every_step"     o_t = s_t = stack([e(y_{t-1}) ; v], s_{t-1}),  s_0 = 0
            "both"           the same from s_0 = tanh(W v + b)

        scores_t = W o_t + b,  with copying see `zoo.layers.pointer_generator`

    Args:
        source_vocabulary_size: number of source token ids; for tokens.
        source_features: numbers in a source frame; for frames.
        target_vocabulary_size: number of target token ids; for tokens.
        target_features: numbers in a target frame; for frames.
        output: what target frames are, a name of `zoo.models.base.target.OUTPUTS`: bernoulli, gaussian, mixture or
            strokes.
        components: of a mixture or of strokes.
        attention: a name of `zoo.layers.attention_scores.SCORES` (dot, scaled_dot, cosine, general, additive,
            location, coverage); None for one summary of all.
        attention_style: "luong" (attend after the recurrent step) or "bahdanau" (attend before it).
        input_feeding: o_{t-1} enters the next step, too (attention_style "luong"); without it all steps look at once,
            which is faster.
        heads: of attention; they share `units`.
        conditioning: without attention, "initial_state" (it becomes the first state), "every_step" (it is read at
            every step), "both".
        cell: a name of `zoo.cells.CELLS`, of encoder and decoder.
        units: width of the decoder, and of the encoder's two directions together.
        layers: recurrent layers of the encoder, and of the decoder.
        encoder: "bidirectional", "forward", "backward" (a forward one that reads the source reversed), or "pyramid"
            (bidirectional, each layer but the first halves the time).
        embedding_size: width of a token's vector.
        residual: add each layer's input to its output (of decoder layers that are fed back to, from the second on).
        dropout: rate on the input vectors and on each layer's output.
        tied: the read-out uses the target embedding's matrix, transposed.
        label_smoothing: share of a target's mass that the loss spreads over the tokens it can emit (`nats` do not).
        copying: a name of `zoo.layers.pointer_generator.COPYINGS`: tokens of the source can be outputs, too, those that
            the target vocabulary lacks among them. Needs attention and tokens.
        penalties: on attention while training, by name of `zoo.ops.attention_penalties.PENALTIES`, each with its
            weight.
        penalty_ramp: the updates between which they grow from none to all.
        maximum_source: the longest source that is taken; None: any.
    Shapes:
        {"source" (B, S) int32 or (B, S, source_features), "target" (B, T) int32 or (B, T, target_features)}
        -> {"scores" (B, T, V) float32, "hidden" (B, T, units), with attention "alignment" (B, T, S) and "memory_mask"
        (B, S)}; frames come with "source_lengths" (B,). With copying there is an input "source_as_target" (B, S), each
        source token by its id in the extended vocabulary (`zoo.data.vocabularies.copy_vocabulary`); scores are (B, T,
        V + S), and "copy_gate" (B, T) is the share that is copied.
    Raises:
        ValueError: neither or both of vocabulary and features; an unknown name, with the closest; input feeding without
            attention or in the attention_style "bahdanau", which feeds its own; copying or penalties without
            attention; copying of frames, with label smoothing or from under a pyramid.
    Reference: Sutskever et al. 2014, arXiv:1409.3215; Cho et al. 2014, arXiv:1406.1078; Bahdanau et al. 2015,
        arXiv:1409.0473; Luong et al. 2015, arXiv:1508.04025.
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
        attention: str | None = "additive",
        attention_style: str = "luong",
        input_feeding: bool = False,
        heads: int = 1,
        conditioning: str = "initial_state",
        cell: str = "lstm",
        units: int = 256,
        layers: int = 1,
        encoder: str = "bidirectional",
        embedding_size: int = 256,
        residual: bool = False,
        dropout: float = 0.0,
        tied: bool = False,
        label_smoothing: float = 0.0,
        copying: str | None = None,
        penalties: dict[str, float] | None = None,
        penalty_ramp: tuple[int, int] = (0, 0),
        maximum_source: int | None = None,
        name: str = "encoder_decoder",
    ):
        arguments = dict(locals())
        if copying and (source_features or target_features or label_smoothing or encoder == "pyramid"):
            raise ValueError(
                "Copying needs tokens on both sides, one position for each, and no label smoothing. Received: "
                f"source_features={source_features}, target_features={target_features}, "
                f"label_smoothing={label_smoothing}, encoder={encoder!r}"
            )
        reading = Source(
            source_vocabulary_size,
            source_features,
            encoder=encoder,
            cell=cell,
            units=units,
            layers=layers,
            embedding_size=None if source_vocabulary_size is None else embedding_size,
            residual=residual,
            dropout=dropout,
        )
        side = Target(
            target_vocabulary_size,
            target_features,
            output=output,
            components=components,
            embedding_size=embedding_size,
            dropout=dropout,
            smoothing=label_smoothing,
        )
        super().__init__(
            reading,
            side,
            arguments=arguments,
            attention=attention,
            attention_style=attention_style,
            input_feeding=input_feeding,
            heads=heads,
            conditioning=conditioning,
            cell=cell,
            units=units,
            layers=layers,
            residual=residual,
            dropout=dropout,
            tied=tied,
            copying=copying,
            penalties=penalties,
            penalty_ramp=penalty_ramp,
            maximum_source=maximum_source,
            name=name,
        )
