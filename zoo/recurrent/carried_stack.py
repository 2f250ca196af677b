import keras
from keras import ops

from zoo.recurrent.recurrent_stack import RecurrentStack


@keras.saving.register_keras_serializable(package="zoo")
class CarriedStack(RecurrentStack):
    """A stack for texts too long for one batch: each row goes on where that row ended in the batch before.

        state_0 of row r = 0 if the row begins, else the last state of row r

    Gradients stay within a batch: truncated back-propagation through time. What is carried is a weight that is not
    trained, so it works on every backend and is saved by a checkpoint. Rows that begin are not touched by it; a batch
    of another number of rows is read all the same, and its rows beyond `rows` begin anew.

    Args:
        cell, units, layers, residual, dropout, layer_normalization: as in `RecurrentStack`.
        rows: how many rows are remembered.
    Shapes:
        sequences (B, S, D), begins (B,) bool -> as `RecurrentStack`.
    Reference: Williams & Peng 1990; the training of Zaremba et al. 2014, arXiv:1409.2329.
    """

    def __init__(
        self,
        cell: str = "lstm",
        units: int = 128,
        *,
        rows: int,
        layers: int = 1,
        residual: bool = False,
        dropout: float = 0.0,
        layer_normalization: bool = False,
        **kwargs,
    ):
        super().__init__(
            cell,
            units,
            layers=layers,
            residual=residual,
            dropout=dropout,
            layer_normalization=layer_normalization,
            **kwargs,
        )
        if rows < 1:
            raise ValueError(f"`rows` must be at least 1. Received: rows={rows}")
        self.rows = rows

    def build(self, sequences_shape, begins_shape=None):
        super().build(sequences_shape)
        self.carried = [
            [
                self.add_weight(
                    shape=(self.rows, size), initializer="zeros", trainable=False, name=f"carried_{n}_{part}"
                )
                for part, size in enumerate(recurrence.state_size)
            ]
            for n, (recurrence,) in enumerate(self.directions)
        ]

    def call(self, sequences, begins, training=None):
        rows = ops.arange(ops.shape(sequences)[0], dtype="int32")
        begins = ops.expand_dims(ops.logical_or(begins, rows >= self.rows), -1)
        rows = ops.minimum(rows, self.rows - 1)

        def start(carried):
            old = ops.cast(ops.take(carried, rows, axis=0), self.compute_dtype)
            return ops.where(begins, ops.zeros_like(old), old)

        starts = [[[start(carried) for carried in layer]] for layer in self.carried]
        outputs, states = super().call(sequences, None, starts, training=training)
        for layer, ((*new,),) in zip(self.carried, states, strict=True):
            for carried, last in zip(layer, new, strict=True):
                last = ops.stop_gradient(ops.cast(last, carried.dtype))
                others = ops.convert_to_tensor(carried)[ops.shape(last)[0] :]
                carried.assign(ops.concatenate([last, others], axis=0)[: self.rows])
        return outputs, states
