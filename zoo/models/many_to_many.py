import keras

from zoo.models.base.mapping_model import PerStepModel
from zoo.models.base.sequence_inputs import sequence_inputs
from zoo.recurrent.recurrent_stack import RecurrentStack


def many_to_many(
    *,
    vocabulary_size: int | None = None,
    character_vocabulary_size: int | None = None,
    features: int | None = None,
    picture_shape: tuple[int, int, int] | None = None,
    backbone: str = "small",
    variable_length: bool = False,
    outputs: int = 2,
    activation: str | None = "softmax",
    embedding_size: int = 128,
    character_units: int = 50,
    cell: str = "lstm",
    units: int = 128,
    layers: int = 1,
    bidirectional: bool = True,
    residual: bool = False,
    layer_normalization: bool = False,
    dropout: float = 0.0,
    token_dropout: float = 0.0,
) -> keras.Model:
    """Tagger: one output at every step of a sequence, a tag, several yes/no, or numbers.

        y_1 .. y_S = stack(e(x_1) .. e(x_S))
        p_s        = activation(y_s W + b)

    Padding counts neither in a loss of `compile` nor in its metrics, with and without `sample_weight`, see
    `zoo.models.base.mapping_model.PerStepModel`.

    Args:
        vocabulary_size: how many ids tokens have (0 is padding); for token input.
        character_vocabulary_size: reads each token's characters beside its id; a second input, `characters`.
        features: numbers in a frame; for frame input. `model.get_layer("standardize").adapt(frames)` sets their scale.
        picture_shape: (height, width, channels) of a frame; for clips, frames that are pictures.
        backbone: of pictures, "small" or a name of `keras.applications`; each frame becomes `embedding_size` numbers.
        variable_length: frames come with a second input, `lengths`.
        outputs: number of tags, labels or numbers at each step.
        activation: "softmax" for one tag, "sigmoid" for several yes/no, None for numbers (or scores before softmax).
        embedding_size: width of a token's vector.
        character_units: width of a token's vector made from its characters.
        cell: a name of `zoo.cells.CELLS`.
        units: width of each direction of each layer.
        layers: recurrent layers on top of each other.
        bidirectional: read both ways; False for a causal model.
        residual: add each layer's input to its output.
        layer_normalization: normalise each layer's input.
        dropout: rate on the input vectors and on each layer's output.
        token_dropout: share of tokens replaced by the unknown one in training.
    Shapes:
        tokens (B, S) int; or {"tokens", "characters" (B, S, C) int}; or frames (B, S, features) float; or
        (B, S, H, W, C) from 0 to 1; or {"frames", "lengths" (B,) int} -> (B, S, outputs).
    Raises:
        ValueError: not one of vocabulary_size, features and picture_shape; an unknown name, with the closest.
    Reference: Graves & Schmidhuber, Framewise Phoneme Classification with Bidirectional LSTM (2005).
    """
    front = sequence_inputs(
        vocabulary_size,
        features,
        picture_shape=picture_shape,
        backbone=backbone,
        variable_length=variable_length,
        embedding_size=embedding_size,
        character_vocabulary_size=character_vocabulary_size,
        character_units=character_units,
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
    head = keras.layers.Dense(outputs, activation=activation, dtype="float32", name="head")
    return PerStepModel(front.inputs, head(sequences), name="many_to_many")
