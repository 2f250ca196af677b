from typing import Any

import keras

from zoo.models.base.attention_decoder_model import AttentionDecoderModel
from zoo.models.base.target import Target
from zoo.recurrent.dialogue_encoder import DialogueEncoder


@keras.saving.register_keras_serializable(package="zoo")
class Dialogue(AttentionDecoderModel):
    """Hierarchical dialogue model: encodes the words of each utterance, then the utterances, and generates the next.

        memory, v    = encoder(x)              words to utterances to context, see `zoo.recurrent.dialogue_encoder`
        attention:     as in `zoo.models.base.attention_decoder_model`, over the context after each utterance, or over
            all words
        no attention:  s_t = stack([e(y_{t-1}) ; v], s_{t-1}),   s_0 = tanh(W v + b)          (conditioning "both")
        scores_t     = W o_t + b

    Args:
        source_vocabulary_size: how many ids words of the history have.
        target_vocabulary_size: how many ids words of the answer have.
        attention: a name of `zoo.layers.attention_scores.SCORES`; None for the context alone.
        memory_level: "utterances" or "words", what attention reads.
        attention_style: "luong" (attend after the recurrent step) or "bahdanau" (attend before it).
        conditioning: without attention, "initial_state" (it becomes the first state), "every_step" (it is read at
            every step), "both".
        pooling: from words to an utterance: last, mean, max or attention.
        cell: a name of `zoo.cells.CELLS`.
        units: width of the decoder and of the context, and of the two directions of words together.
        layers: recurrent layers of each level, and of the decoder.
        embedding_size: width of a word's vector.
        dropout: rate on the words' vectors and on each layer's output.
        tied: the read-out uses the answer's embedding, transposed.
        label_smoothing: share of a target's mass that the loss spreads over the tokens it can emit.
        penalties: on attention while training, by name of `zoo.ops.attention_penalties.PENALTIES`, each with its
            weight.
        penalty_ramp: the updates between which they grow from none to all.
    Shapes:
        {"source" (B, U, W) int32, padded with 0 behind an utterance's words and behind the last utterance, "target"
        (B, T)} -> {"scores" (B, T, V) float32, "hidden" (B, T, units), with attention "alignment" (B, T, U or U * W)
        and "memory_mask" (B, U or U * W)}.
    Raises:
        ValueError: an unknown name, with the closest; odd units; penalties without attention.
    Reference: Serban et al. 2016, arXiv:1507.04808 (no attention, conditioning "every_step"). Differs: words are read
        both ways, and the speaker is known.
    """

    def __init__(
        self,
        *,
        source_vocabulary_size: int,
        target_vocabulary_size: int,
        attention: str | None = "additive",
        memory_level: str = "words",
        attention_style: str = "luong",
        conditioning: str = "both",
        pooling: str = "last",
        cell: str = "gru",
        units: int = 256,
        layers: int = 1,
        embedding_size: int = 128,
        dropout: float = 0.0,
        tied: bool = False,
        label_smoothing: float = 0.0,
        penalties: dict[str, float] | None = None,
        penalty_ramp: tuple[int, int] = (0, 0),
        name: str = "dialogue",
    ):
        arguments = dict(locals())
        encoder = DialogueEncoder(
            source_vocabulary_size,
            cell=cell,
            units=units,
            layers=layers,
            memory_level=memory_level,
            pooling=pooling,
            embedding_size=embedding_size,
            dropout=dropout,
            name="dialogue_encoder",
        )
        super().__init__(
            DialogueSource(encoder),
            Target(target_vocabulary_size, embedding_size=embedding_size, dropout=dropout, smoothing=label_smoothing),
            arguments=arguments,
            attention=attention,
            attention_style=attention_style,
            conditioning=conditioning,
            cell=cell,
            units=units,
            layers=layers,
            dropout=dropout,
            tied=tied,
            penalties=penalties,
            penalty_ramp=penalty_ramp,
            name=name,
        )


class DialogueSource:
    """The history of a dialogue as the side that a model reads."""

    def __init__(self, encoder: DialogueEncoder):
        self.inputs: dict[str, Any] = {"source": keras.Input((None, None), dtype="int32", name="source")}
        self.encoder = encoder
        # Words are no steps of the source, which has utterances.
        self.reduction = 1 if encoder.memory_level == "utterances" else None

    def read(self, inputs: dict) -> tuple:
        """-> memory, mask, summary of `DialogueEncoder`."""
        return self.encoder(inputs["source"])
