"""Published ways to make a tree's node from its children, one a file; `zoo.cells.recursion` runs them up the trees."""

from zoo.cells.compositions.child_sum_tree_lstm import ChildSumTreeLSTM
from zoo.cells.compositions.matrix import MatrixComposition
from zoo.cells.compositions.matrix_vector import MatrixVectorComposition
from zoo.cells.compositions.tensor import TensorComposition
from zoo.cells.compositions.tree_lstm import TreeLSTM

COMPOSITIONS = {
    "matrix": MatrixComposition,
    "matrix_vector": MatrixVectorComposition,
    "tensor": TensorComposition,
    "tree_lstm": TreeLSTM,
    "child_sum_tree_lstm": ChildSumTreeLSTM,
}
