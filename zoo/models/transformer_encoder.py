import keras

from zoo.layers.pooling import POOLINGS
from zoo.layers.transformer_stack import TransformerStack
from zoo.lookup import lookup
from zoo.models.base.mapping_model import MappingModel, PerStepModel
from zoo.models.base.sequence_inputs import sequence_inputs


def transformer_encoder(
    *,
    vocabulary_size: int | None = None,
    character_vocabulary_size: int | None = None,
    features: int | None = None,
    variable_length: bool = False,
    outputs: int = 2,
    activation: str | None = "softmax",
    per_step: bool = False,
    pooling: str = "mean",
    embedding_size: int | None = None,
    character_units: int = 50,
    units: int = 128,
    layers: int = 2,
    heads: int = 4,
    feed_forward: int | None = None,
    nonlinearity: str = "relu",
    causal: bool = False,
    positions: str = "sinusoidal",
    maximum_length: int | None = None,
    dropout: float = 0.0,
    token_dropout: float = 0.0,
) -> keras.Model:
    """Transformer encoder: one output for a whole sequence, or one at every step.

        y_1 .. y_S = blocks(sqrt(D) e(x_1) + PE(0) .. )
        p          = activation(pool(y) W + b),   per_step:   p_s = activation(y_s W + b)

    With per_step, padding counts neither in a loss of `compile` nor in its metrics, see
    `zoo.models.base.mapping_model.PerStepModel`.

    Args:
        vocabulary_size: how many ids tokens have (0 is padding); for token input.
        character_vocabulary_size: reads each token's characters beside its id; a second input, `characters`.
        features: numbers in a frame; for frame input. `model.get_layer("standardize").adapt(frames)` sets their scale.
        variable_length: frames come with a second input, `lengths`.
        outputs: number of classes, labels or numbers.
        activation: "softmax" for one class, "sigmoid" for several labels, None for numbers (or scores before softmax).
        per_step: an output at every step, as of `many_to_many`; else one for the whole, as of `many_to_one`.
        pooling: "mean", "max", "attention" or "last": how outputs become one vector; not read with per_step.
        embedding_size: width of a token's vector; `units` if None.
        character_units: width of a token's vector made from its characters.
        units: width of every layer.
        layers: blocks on top of each other.
        heads: of attention; they share the units.
        feed_forward: width of each block's inner layer; 4 units if None.
        nonlinearity: of the inner layer, "relu" or "gelu".
        causal: no step reads what stands behind it.
        positions: a name of `zoo.layers.positional_encoding.POSITIONS`, "sinusoidal" or "learned".
        maximum_length: of learned positions, the longest sequence.
        dropout: rate on the input vectors and on what each part of a block adds.
        token_dropout: share of tokens replaced by the unknown one in training.
    Shapes:
        tokens (B, S) int; or {"tokens", "characters" (B, S, C) int}; or frames (B, S, features) float; or
        {"frames", "lengths" (B,) int} -> (B, outputs), per_step (B, S, outputs). A row of only padding is pooled to
        zeros.
    Raises:
        ValueError: neither or both of vocabulary_size and features; an unknown name, with the closest; heads that do
            not divide units; learned positions without a maximum_length.
    Reference: Vaswani et al. 2017, arXiv:1706.03762; Devlin et al. 2019, arXiv:1810.04805. Differs: each part of a
        block normalises what it reads (arXiv:2002.04745).
    """
    pooling_class = lookup("pooling", pooling, POOLINGS)
    front = sequence_inputs(
        vocabulary_size,
        features,
        variable_length=variable_length,
        embedding_size=units if embedding_size is None else embedding_size,
        character_vocabulary_size=character_vocabulary_size,
        character_units=character_units,
        token_dropout=token_dropout,
    )
    stack = TransformerStack(
        units,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        nonlinearity=nonlinearity,
        causal=causal,
        tokens=features is None,
        positions=positions,
        maximum_length=maximum_length,
        dropout=dropout,
        name="stack",
    )
    vectors = stack(front.sequences, front.mask)
    if not per_step:
        vectors = pooling_class(name="pooling")(vectors, front.mask)
    head = keras.layers.Dense(outputs, activation=activation, dtype="float32", name="head")
    model = PerStepModel if per_step else MappingModel
    return model(front.inputs, head(vectors), name="transformer_encoder")
