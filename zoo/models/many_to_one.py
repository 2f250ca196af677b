import keras

from zoo.layers.pooling import POOLINGS
from zoo.lookup import lookup
from zoo.models.base.mapping_model import MappingModel
from zoo.models.base.sequence_inputs import sequence_inputs
from zoo.recurrent.recurrent_stack import RecurrentStack


def many_to_one(
    *,
    vocabulary_size: int | None = None,
    features: int | None = None,
    picture_shape: tuple[int, int, int] | None = None,
    backbone: str = "small",
    variable_length: bool = False,
    outputs: int = 2,
    activation: str | None = "softmax",
    embedding_size: int = 128,
    cell: str = "lstm",
    units: int = 128,
    layers: int = 1,
    bidirectional: bool = False,
    residual: bool = False,
    layer_normalization: bool = False,
    pooling: str = "last",
    dropout: float = 0.0,
    token_dropout: float = 0.0,
) -> keras.Model:
    """Classifier or regressor of whole sequences: one class, several labels, or numbers.

        y_1 .. y_S = stack(e(x_1) .. e(x_S))
        p          = activation(pool(y) W + b)

    Args:
        vocabulary_size: how many ids tokens have (0 is padding); for token input.
        features: numbers in a frame; for frame input. `model.get_layer("standardize").adapt(frames)` sets their scale.
        picture_shape: (height, width, channels) of a frame; for clips, frames that are pictures.
        backbone: of pictures, "small" or a name of `keras.applications`; each frame becomes `embedding_size` numbers.
        variable_length: frames come with a second input, `lengths`.
        outputs: number of classes, labels or numbers.
        activation: "softmax" for one class, "sigmoid" for several labels, None for numbers (or scores before softmax).
        embedding_size: width of a token's vector.
        cell: a name of `zoo.cells.CELLS`: elman, irnn, jordan, simplified_gru, gru, gru_reset_before, lstm,
            peephole_lstm, coupled_lstm.
        units: width of each direction of each layer.
        layers: recurrent layers on top of each other.
        bidirectional: read both ways.
        residual: add each layer's input to its output.
        layer_normalization: normalise each layer's input.
        pooling: "last", "mean", "max" or "attention": how outputs become one vector.
        dropout: rate on the input vectors and on each layer's output.
        token_dropout: share of tokens replaced by the unknown one in training.
    Shapes:
        tokens (B, S) int; or frames (B, S, features) float, or (B, S, H, W, C) from 0 to 1; or {"frames", "lengths"
        (B,) int} -> (B, outputs).
        A row of only padding is pooled to zeros.
    Raises:
        ValueError: not one of vocabulary_size, features and picture_shape; an unknown name, with the closest.
    Reference: Graves, Supervised Sequence Labelling with Recurrent Neural Networks (2012), ch. 2-4.
    """
    pooling_class = lookup("pooling", pooling, POOLINGS)
    front = sequence_inputs(
        vocabulary_size,
        features,
        picture_shape=picture_shape,
        backbone=backbone,
        variable_length=variable_length,
        embedding_size=embedding_size,
        token_dropout=token_dropout,
        dropout=dropout,
    )
    stack = RecurrentStack(
        cell,
        units,
        layers=layers,
        bidirectional=bidirectional,
        residual=residual,
        dropout=dropout,
        layer_normalization=layer_normalization,
        name="stack",
    )
    sequences, _ = stack(front.sequences, front.mask)
    options = {"bidirectional": bidirectional} if pooling == "last" else {}
    pool = pooling_class(**options, name="pooling")
    pooled = pool(sequences, front.mask)
    head = keras.layers.Dense(outputs, activation=activation, dtype="float32", name="head")
    return MappingModel(front.inputs, head(pooled), name="many_to_one")
