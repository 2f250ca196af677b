"""A model whose weights are constants for a while: what is computed with it is data, and nothing is learned from it."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
from keras import ops


@contextmanager
def without_gradients(model: keras.Model) -> Iterator[None]:
    """Inside, no gradient flows into the model's weights, and what the model assigns to its variables is forgotten.

    Loops without a gradient (`zoo.ops.while_scan`) can so be run inside a training step, on every backend.
    """
    values = [(variable, ops.stop_gradient(ops.convert_to_tensor(variable))) for variable in model.variables]
    with keras.StatelessScope(state_mapping=values):
        yield
