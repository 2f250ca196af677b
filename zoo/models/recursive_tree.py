import keras

from zoo.cells.tree import COMPOSITIONS
from zoo.lookup import lookup
from zoo.models.base.mapping_model import MappingModel
from zoo.recurrent.tree_recursion import TreeRecursion


def recursive_tree(
    *,
    vocabulary_size: int,
    outputs: int = 2,
    activation: str | None = "softmax",
    composition: str = "tree_lstm",
    units: int = 128,
    embedding_size: int | None = None,
    arity: int = 2,
    dropout: float = 0.0,
) -> keras.Model:
    """Recursive network: one output for every phrase of a sentence, composed along its tree.

        node = compose(its children)                 from the words up: `zoo.cells.tree`
        p    = activation(node W + b)

    All trees of a batch, of whatever shapes, are made in one loop of equal rounds: `zoo.data.batches.trees` packs them.

    Args:
        vocabulary_size: how many ids words have (0 is padding).
        outputs: number of classes, labels or numbers of a node.
        activation: "softmax" for one class, "sigmoid" for several labels, None for numbers.
        composition: a name of `zoo.cells.tree.COMPOSITIONS`: matrix, matrix_vector, tensor, tree_lstm,
            child_sum_tree_lstm.
        units: width of a node's vector.
        embedding_size: width of a word's vector, of the Tree-LSTMs only; `units` if None.
        arity: children a node may have; more than two are for child_sum_tree_lstm.
        dropout: rate on the words' vectors and on the nodes' vectors.
    Shapes:
        {"tokens" (L,) int, the words of all trees; "children" (R, N, arity) int; "node_rows" (B, n) int, the nodes that
        are asked about} -> (B, n, outputs).
    Raises:
        ValueError: an unknown composition, with the closest names; an arity that it cannot do with.
    Reference: Socher et al. 2013, Recursive Deep Models for Semantic Compositionality; Tai et al. 2015,
        arXiv:1503.00075.
    """
    allowed = lookup("composition", composition, COMPOSITIONS).arity
    if arity < 1 or (allowed is not None and arity != allowed):
        raise ValueError(f"{composition} makes a node of {allowed or 'one or more'} children. Received: arity={arity}")
    inputs = {
        "tokens": keras.Input((), dtype="int32", name="tokens"),
        "children": keras.Input((None, arity), dtype="int32", name="children"),
        "node_rows": keras.Input((None,), dtype="int32", name="node_rows"),
    }
    recursion = TreeRecursion(
        composition, vocabulary_size, units, embedding_size=embedding_size, dropout=dropout, name="recursion"
    )
    nodes = recursion(inputs["tokens"], inputs["children"], inputs["node_rows"])
    nodes = keras.layers.Dropout(dropout, name="dropout")(nodes)
    head = keras.layers.Dense(outputs, activation=activation, dtype="float32", name="head")
    return MappingModel(inputs, head(nodes), name="recursive_tree")
