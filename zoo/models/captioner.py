from typing import Any

import keras
from keras import ops

from zoo.layers.masks import FrameMask
from zoo.layers.picture_encoder import PictureEncoder
from zoo.models.base.attention_decoder_model import AttentionDecoderModel
from zoo.models.base.target import Target


@keras.saving.register_keras_serializable(package="zoo")
class Captioner(AttentionDecoderModel):
    """Image captioning model: attention over the regions of a picture, or one summary of it.

        m_1 .. m_R = encoder(x), the regions of a grid, row by row,  v = mean_r m_r,  s_0 = tanh(W v + b)

        attention_style "bahdanau":
            a_t, c_t = attention(s_{t-1}, m),  gated: c_t <- beta_t c_t,  beta_t = sigmoid(w s_{t-1} + b)
            s_t      = cells([e(y_{t-1}) ; c_t], s_{t-1}),  o_t = tanh(W [s_t ; c_t])
        attention_style "luong", and without attention by conditioning: as in `zoo.models.encoder_decoder`

        scores_t = W o_t + b

    Args:
        picture_shape: (height, width, channels).
        vocabulary_size: how many ids tokens have.
        attention: a name of `zoo.layers.attention_scores.SCORES`; None for one summary of all.
        attention_style: "luong" (attend after the recurrent step) or "bahdanau" (attend before it).
        gated: a gate from 0 to 1 scales the context at each step (attention_style "bahdanau").
        heads: of attention; they share `units`.
        conditioning: without attention, "initial_state" (it becomes the first state), "every_step" (it is read at
            every step), "both".
        cell: a name of `zoo.cells.CELLS`.
        units: width of the decoder.
        layers: recurrent layers of it.
        region_units: width of a region's vector.
        backbone: "small", or a name of `keras.applications`.
        filters: of the small backbone's first convolution.
        blocks: its convolutions; each halves height and width.
        positions: how a region knows where it is: "coordinates", "learned" or "none".
        weights: of another backbone than the small one: a path, "imagenet", or None: drawn.
        frozen: the backbone does not learn.
        embedding_size: width of a token's vector.
        dropout: rate on tokens' vectors and on each layer's output.
        tied: the read-out uses the embedding's matrix, transposed.
        label_smoothing: share of a target's mass that the loss spreads over the tokens it can emit.
        penalties: on attention while training, by name of `zoo.ops.attention_penalties.PENALTIES`, each with its
            weight: {"doubly_stochastic": 1.0} asks that every region be looked at about once.
        penalty_ramp: the updates between which they grow from none to all.
    Shapes:
        {"picture" (B, H, W, C) float32 from 0 to 1, "target" (B, T) int32} -> {"scores" (B, T, V) float32, "hidden"
        (B, T, units), with attention "alignment" (B, T, R) and "memory_mask" (B, R), gated "gate" (B, T)}. R regions of
        the grid `reading.encoder.grid`.
    Raises:
        ValueError: an unknown name, with the closest; a gate or penalties without attention, a gate with the other
            attention style; weights for the small backbone.
    Reference: Vinyals et al. 2015, arXiv:1411.4555; Xu et al. 2015, arXiv:1502.03044. Differs: the former's picture
        comes as a word before the first.
    """

    def __init__(
        self,
        *,
        picture_shape: tuple[int, int, int] = (64, 64, 3),
        vocabulary_size: int,
        attention: str | None = "additive",
        attention_style: str = "bahdanau",
        gated: bool = False,
        heads: int = 1,
        conditioning: str = "initial_state",
        cell: str = "lstm",
        units: int = 256,
        layers: int = 1,
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
        name: str = "captioner",
    ):
        # What is saved holds the weights, and is loaded where their file may be missing.
        arguments = {**locals(), "weights": None}
        encoder = PictureEncoder(
            region_units,
            backbone=backbone,
            filters=filters,
            blocks=blocks,
            positions=positions,
            weights=weights,
            frozen=frozen,
            name="picture_encoder",
        )
        super().__init__(
            PictureSource(picture_shape, encoder),
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


class PictureSource:
    """A picture as the side that a model reads: its regions, all of them real, and their mean."""

    reduction = None  # regions are no steps

    def __init__(self, shape: tuple[int, int, int], encoder: PictureEncoder):
        self.inputs: dict[str, Any] = {"picture": keras.Input(tuple(shape), name="picture")}
        self.encoder, self.mask = encoder, FrameMask(name="regions_mask")

    def read(self, inputs: dict) -> tuple:
        """-> memory (B, R, region_units), mask (B, R), summary (B, region_units)."""
        memory = self.encoder(inputs["picture"])
        return memory, self.mask(memory), ops.mean(memory, axis=1)
