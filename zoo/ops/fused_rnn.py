"""LSTM and GRU as one fused kernel of a backend: cuDNN on a GPU, oneDNN for torch on a CPU.

Keras reaches these kernels only without a mask. Here padding (on the right) is part of the input: one feature more, 1
on padding, whose weights close the input gate and open the forget gate there (for a GRU: open the update gate), so that
a padded step hands the memory on. JAX's kernel takes lengths instead.
"""

import keras
from keras import ops

from zoo.backend.device import has_gpu
from zoo.ops.masking import last_real, mask_to_lengths, reverse_real, zero_padding

# Added to a gate before its sigmoid: exactly 0 or 1 in every precision, and finite in half.
SATURATED = 1e4


def can_fuse(cell: str, dtype: str) -> bool:
    """Return whether this backend and device have a fused kernel for a cell, "lstm" or "gru", beside Keras' own.

    TensorFlow has cuDNN with masks, through Keras. JAX has cuDNN's LSTM in float32 and no GRU. torch has both, on a CPU
    in float32.
    """
    backend = keras.backend.backend()
    if backend == "jax":
        # A batch that is spread over devices cannot pass through cuDNN's call as one.
        is_whole = keras.distribution.distribution() is None
        return cell == "lstm" and dtype == "float32" and is_whole and has_gpu()
    return backend == "torch" and (dtype == "float32" or has_gpu())


def fused_lstm(sequences, mask, h, c, kernel, recurrent_kernel, bias, *, reverse: bool = False):
    """Run an LSTM with the equations and weights of `zoo.cells.lstm.LSTMCell` over a padded batch.

    Args:
        sequences, mask: the batch; True = real.
        h, c: the state before the first step.
        kernel, recurrent_kernel, bias: of the cell.
        reverse: run from each row's last real step to its first.
    Shapes:
        sequences (B, S, D), mask (B, S), h, c (B, units) -> outputs (B, S, units), undefined on padding, last h and c.
    """
    sequences = zero_padding(sequences, mask)
    if reverse:
        sequences = reverse_real(sequences, mask)
    run = _jax_lstm if keras.backend.backend() == "jax" else _torch_lstm
    outputs, last_h, last_c = run(sequences, mask, h, c, kernel, recurrent_kernel, bias)
    filled = ops.any(mask, axis=1, keepdims=True)
    last_h, last_c = ops.where(filled, last_h, h), ops.where(filled, last_c, c)
    return (reverse_real(outputs, mask) if reverse else outputs), last_h, last_c


def fused_gru(sequences, mask, h, kernel, recurrent_kernel, bias, *, reverse: bool = False):
    """Run a GRU with the equations and weights of `zoo.cells.gru.GRUCell` over a padded batch; see `fused_lstm`.

    Shapes:
        sequences (B, S, D), mask (B, S), h (B, units) -> outputs (B, S, units), undefined on padding, last h.
    """
    import torch

    sequences = zero_padding(sequences, mask)
    if reverse:
        sequences = reverse_real(sequences, mask)
    inputs, kernel = _with_padding_feature(sequences, mask, kernel, [SATURATED, 0.0, 0.0])  # gates z, r, h
    weights = [_torch_gates(kernel.T), _torch_gates(_value(recurrent_kernel).T)]
    weights += [_torch_gates(part) for part in _value(bias)]
    outputs, last = torch.gru(inputs, h[None], weights, True, 1, 0.0, torch.is_grad_enabled(), False, True)
    return (reverse_real(outputs, mask) if reverse else outputs), last[0]


def _jax_lstm(sequences, mask, h, c, kernel, recurrent_kernel, bias):
    """cuDNN's LSTM as JAX has it: padding by lengths, of which it takes none below 1."""
    from jax.experimental import rnn

    bias = ops.convert_to_tensor(bias)
    flat = [ops.ravel(ops.transpose(matrix)) for matrix in (kernel, recurrent_kernel)]
    weights = ops.concatenate([*flat, bias, ops.zeros_like(bias)])
    lengths = ops.maximum(mask_to_lengths(mask), 1)
    sizes = {"input_size": sequences.shape[-1], "hidden_size": h.shape[-1], "num_layers": 1}
    outputs, last_h, last_c = rnn.lstm(
        sequences, h[None], c[None], weights, lengths, **sizes, dropout=0.0, bidirectional=False
    )
    return outputs, last_h[0], last_c[0]


def _torch_lstm(sequences, mask, h, c, kernel, recurrent_kernel, bias):
    import torch

    inputs, kernel = _with_padding_feature(sequences, mask, kernel, [-SATURATED, SATURATED, 0.0, 0.0])  # i, f, g, o
    bias = _value(bias)
    weights = [kernel.T.contiguous(), _value(recurrent_kernel).T.contiguous(), bias, torch.zeros_like(bias)]
    outputs, _, last_c = torch.lstm(
        inputs, (h[None], c[None]), weights, True, 1, 0.0, torch.is_grad_enabled(), False, True
    )
    # On padding only c is handed on: h is read where each row ends.
    return outputs, last_real(outputs, mask), last_c[0]


def _with_padding_feature(sequences, mask, kernel, gates: list[float]):
    """Return inputs (B, S, D + 1) that mark padding, and a kernel (D + 1, gates * units) that saturates gates by it."""
    padding = ops.cast(ops.expand_dims(ops.logical_not(mask), -1), sequences.dtype)
    kernel = _value(kernel)
    row = ops.repeat(ops.convert_to_tensor(gates, dtype=kernel.dtype), kernel.shape[1] // len(gates))
    return ops.concatenate([sequences, padding], axis=-1), ops.concatenate([kernel, row[None]], axis=0)


def _value(variable):
    return ops.convert_to_tensor(variable)


def _torch_gates(rows):
    """Gates z, r, h along the first axis in torch's order r, z, h."""
    z, r, h = ops.split(rows, 3, axis=0)
    return ops.concatenate([r, z, h], axis=0).contiguous()
