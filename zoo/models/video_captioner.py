from typing import Any

import keras

from zoo.layers.clip_encoder import ClipEncoder
from zoo.models.base.attention_decoder_model import AttentionDecoderModel
from zoo.models.base.source import Source
from zoo.models.base.target import Target


@keras.saving.register_keras_serializable(package="zoo")
class VideoCaptioner(AttentionDecoderModel):
    """Video captioning model: a vector for every frame, a recurrent stack over them, and attention.

        v_s        = relu(W [its regions by encoder(x_s), joined] + b)        for every frame
        m_1 .. m_S = stack(v_1 .. v_S),   the rest as in `zoo.models.encoder_decoder`

    Args:
        picture_shape: (height, width, channels) of a frame.
        vocabulary_size: how many ids tokens have.
        attention: a name of `zoo.layers.attention_scores.SCORES`; None for one summary of all.
        attention_style: "luong" (attend after the recurrent step) or "bahdanau" (attend before it).
        gated: a gate from 0 to 1 scales the context at each step (attention_style "bahdanau").
        heads: of attention; they share `units`.
        conditioning: without attention, "initial_state" (it becomes the first state), "every_step" (it is read at
            every step), "both".
        cell: a name of `zoo.cells.CELLS`, of both stacks.
        units: width of the decoder, and of the stack over frames, its two directions together.
        layers: recurrent layers of each.
        encoder: of frames: "bidirectional", "forward", "backward" or "pyramid".
        region_units: width of a region's vector, and of a frame's.
        backbone: "small", or a name of `keras.applications`.
        filters: of the small backbone's first convolution.
        blocks: its convolutions; each halves height and width.
        positions: how a region knows where it is: "coordinates", "learned" or "none".
        weights: of another backbone than the small one: a path, "imagenet", or None: drawn.
        frozen: the backbone does not learn.
        embedding_size: width of a token's vector.
        dropout: rate on the vectors and on each layer's output.
        tied: the read-out uses the embedding's matrix, transposed.
        label_smoothing: share of a target's mass that the loss spreads over the tokens it can emit.
        penalties: on attention while training, by name of `zoo.ops.attention_penalties.PENALTIES`, each with its
            weight.
        penalty_ramp: the updates between which they grow from none to all.
    Shapes:
        {"source" (B, S, H, W, C) float32 from 0 to 1, "source_lengths" (B,) int32, "target" (B, T) int32} -> {"scores"
        (B, T, V) float32, "hidden" (B, T, units), with attention "alignment" (B, T, S) and "memory_mask" (B, S), gated
        "gate" (B, T)}.
    Raises:
        ValueError: as in `zoo.models.encoder_decoder` and `zoo.models.captioner`.
    Reference: Yao et al. 2015, arXiv:1502.08029; Venugopalan et al. 2015, arXiv:1505.00487. Differs: the former attends
        to frames without a recurrent stack below, the latter does not attend.
    """

    def __init__(
        self,
        *,
        picture_shape: tuple[int, int, int] = (64, 64, 3),
        vocabulary_size: int,
        attention: str | None = "additive",
        attention_style: str = "luong",
        gated: bool = False,
        heads: int = 1,
        conditioning: str = "initial_state",
        cell: str = "lstm",
        units: int = 256,
        layers: int = 1,
        encoder: str = "bidirectional",
        region_units: int = 128,
        backbone: str = "small",
        filters: int = 16,
        blocks: int = 3,
        positions: str = "coordinates",
        weights: str | None = None,
        frozen: bool = False,
        embedding_size: int = 128,
        dropout: float = 0.0,
        tied: bool = False,
        label_smoothing: float = 0.0,
        penalties: dict[str, float] | None = None,
        penalty_ramp: tuple[int, int] = (0, 0),
        name: str = "video_captioner",
    ):
        # What is saved holds the weights, and is loaded where their file may be missing.
        arguments = {**locals(), "weights": None}
        frames = ClipEncoder(
            region_units,
            backbone=backbone,
            filters=filters,
            blocks=blocks,
            positions=positions,
            weights=weights,
            frozen=frozen,
            name="clip_encoder",
        )
        super().__init__(
            ClipSource(picture_shape, frames, encoder=encoder, cell=cell, units=units, layers=layers, dropout=dropout),
            Target(vocabulary_size, embedding_size=embedding_size, dropout=dropout, smoothing=label_smoothing),
            arguments=arguments,
            attention=attention,
            attention_style=attention_style,
            gated=gated,
            heads=heads,
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


class ClipSource(Source):
    """A source of frames that are pictures."""

    def __init__(
        self,
        shape: tuple[int, int, int],
        frames: ClipEncoder,
        *,
        encoder: str,
        cell: str,
        units: int,
        layers: int,
        dropout: float,
    ):
        super().__init__(
            None,
            frames.encoder.units,
            encoder=encoder,
            cell=cell,
            units=units,
            layers=layers,
            embedding_size=None,
            residual=False,
            dropout=dropout,
        )
        self.frames = frames
        self.inputs: dict[str, Any] = {**self.inputs, "source": keras.Input((None, *shape), name="source")}

    def embed(self, inputs: dict) -> tuple:
        """-> vectors (B, S, region_units), mask (B, S)."""
        source = inputs["source"]
        mask = self.mask(source, inputs["source_lengths"])
        vectors = self.frames(source, mask)
        return vectors if self.dropout is None else self.dropout(vectors), mask
