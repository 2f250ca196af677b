"""Published ways to make a tree's node from its children, one a file; `zoo.recurrent.tree_recursion` runs them up the
trees.
"""

from zoo.cells.tree.child_sum_tree_lstm import ChildSumTreeLSTM
from zoo.cells.tree.matrix import MatrixComposition
from zoo.cells.tree.matrix_vector import MatrixVectorComposition
from zoo.cells.tree.tensor import TensorComposition
from zoo.cells.tree.tree_lstm import TreeLSTM

COMPOSITIONS = {
    "matrix": MatrixComposition,
    "matrix_vector": MatrixVectorComposition,
    "tensor": TensorComposition,
    "tree_lstm": TreeLSTM,
    "child_sum_tree_lstm": ChildSumTreeLSTM,
}
