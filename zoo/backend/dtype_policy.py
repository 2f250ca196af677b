"""Computation outside of layers in the precision of a layer."""

from collections.abc import Callable
from typing import Any

import keras


def with_dtype_policy(policy: Any, computed: Callable[[], Any]) -> Any:
    """`computed()` as if a layer of a dtype policy computed it: its weights come as it computes, not as it keeps them.

    Keras' layers see to it when they are called. But a loss is outside of all layers, and so is a model's own `call`
    where JAX compiles it.

    Args:
        policy: a keras.DTypePolicy or its name.
        computed: takes nothing; what it computes with is not cast.
    """
    return Within(dtype=policy)(computed=computed)


class Within(keras.layers.Layer):
    def call(self, computed):
        return computed()
