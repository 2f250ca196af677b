"""Pure functions on tensors: the time loop, masks, the arithmetic of the CRF. `keras.ops` only, any backend."""

from zoo.ops.scan import scan

__all__ = ["scan"]
