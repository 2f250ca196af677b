"""The LSTM over a whole sequence with its gradient written out: what makes it fast where there is no cuDNN."""

import keras
from keras import ops

from zoo.ops.scan import scan


def lstm(projected, recurrent_kernel, h, c, mask, reverse: bool = False, shifts: tuple[int, ...] = (0,)):
    """Runs an LSTM over time; the gradient of the recurrent weights is one product after the loop, not one a step.

        i, f, g, o = split(projected_t + h_{t-1} U)             n(h_{t-1}) U with `shifts`
        c_t = sigmoid(f) * c_{t-1} + sigmoid(i) * tanh(g),     h_t = sigmoid(o) * tanh(c_t)

        dL/dU = sum_t h_{t-1}^T da_t = H^T dA                  with a_t the sum that is split

    Differentiating the loop itself adds (units, 4 units) numbers at every step, which costs as much as the step. A
    padded step keeps h and c, and hands their gradients on.

    With `shifts` there are N positions side by side, each with a state of its own; each reads the states of its
    neighbours (zeros outside):

        n(h)_n = [h_{n + s} for s of shifts]

    Args:
        projected: x_t W + b for all steps.
        recurrent_kernel: U.
        h, c: the state before the first step.
        mask: True = real.
        reverse: run from the last step to the first.
        shifts: of neighbours, from the position itself; (0,) alone is an LSTM as any other.
    Shapes:
        projected (T, B, 4 * units), recurrent_kernel (units, 4 * units), h, c (B, units), mask (T, B) bool
        -> outputs (T, B, units), last h, last c (B, units).
        With neighbours projected (T, B, N, 4 * units), recurrent_kernel (len(shifts) * units, 4 * units), h, c
        (B, N, units), mask (T, B or 1, N) -> outputs (T, B, N, units), last h, last c (B, N, units).
    """
    real = ops.cast(ops.expand_dims(mask, -1), projected.dtype)  # (T, B, 1), as a number: it gets a gradient of 0

    # There Keras' custom gradient has one result. Elsewhere joining costs 7 to 9 % of a TensorFlow step without XLA.
    is_torch = keras.backend.backend() == "torch"

    @ops.custom_gradient
    def run(projected, kernel, h, c, real):
        def step(state, x):
            h, c = state
            projected, real = x
            i, f, g, o = ops.split(projected + ops.matmul(_near(h, shifts), kernel), 4, axis=-1)
            i, f, g, o = ops.sigmoid(i), ops.sigmoid(f), ops.tanh(g), ops.sigmoid(o)
            new_c = f * c + i * g
            squashed = ops.tanh(new_c)
            new_h = o * squashed
            new = ops.where(real > 0, new_h, h), ops.where(real > 0, new_c, c)
            # One tensor for the way back: every further one costs a write and a read a step.
            return new, (new_h, ops.concatenate([h, c, squashed, i, f, g, o], axis=-1))

        (last_h, last_c), (outputs, tape) = scan(step, (h, c), (projected, real), reverse=reverse)

        def gradient(*arguments, upstream=None):
            d_outputs, d_h, d_c = _split_results(upstream) if is_torch else keras.tree.flatten(arguments)
            transposed = ops.transpose(kernel)

            def back(state, x):
                d_h, d_c = state
                d_output, real, saved = x
                _, c, squashed, i, f, g, o = ops.split(saved, 7, axis=-1)
                here = d_h * real + d_output
                d_new_c = d_c * real + here * o * (1 - squashed * squashed)
                d_sum = ops.concatenate(
                    [
                        d_new_c * g * i * (1 - i),
                        d_new_c * c * f * (1 - f),
                        d_new_c * i * (1 - g * g),
                        here * squashed * o * (1 - o),
                    ],
                    axis=-1,
                )
                padding = 1 - real
                state = _back(ops.matmul(d_sum, transposed), shifts) + d_h * padding, d_new_c * f + d_c * padding
                return state, d_sum

            (d_h, d_c), d_sums = scan(back, (d_h, d_c), (d_outputs, real, tape), reverse=not reverse)
            units = h.shape[-1]
            previous_h = _near(tape[..., :units], shifts)
            flat_h, flat_sums = ops.reshape(previous_h, (-1, len(shifts) * units)), ops.reshape(d_sums, (-1, 4 * units))
            return d_sums, ops.matmul(ops.transpose(flat_h), flat_sums), d_h, d_c, ops.zeros_like(real)

        results = outputs, last_h, last_c
        return (ops.concatenate([outputs, last_h[None], last_c[None]]) if is_torch else results), gradient

    # TensorFlow refuses a variable inside a custom gradient; its value is fine.
    results = run(projected, ops.copy(recurrent_kernel), h, c, real)
    return _split_results(results) if is_torch else results


def _split_results(joined):
    """Outputs (T, B, units), last h and last c of one tensor (T + 2, B, units)."""
    return joined[:-2], joined[-2], joined[-1]


def _near(h, shifts):
    """The states of neighbours beside each other: (..., N, units) -> (..., N, len(shifts) * units)."""
    return h if shifts == (0,) else ops.concatenate([_shifted(h, shift) for shift in shifts], axis=-1)


def _back(d_near, shifts):
    """The gradient by h from that by `_near(h, shifts)`: what a neighbour was read by comes back to it."""
    if shifts == (0,):
        return d_near
    parts = ops.split(d_near, len(shifts), axis=-1)
    return sum(_shifted(part, -shift) for part, shift in zip(parts, shifts, strict=True))


def _shifted(h, shift):
    """Position n + shift at position n, zeros outside: (..., N, units)."""
    size = h.shape[-2]
    untouched = [[0, 0]] * (len(h.shape) - 2)
    if shift < 0:
        return ops.pad(h, [*untouched, [-shift, 0], [0, 0]])[..., :size, :]
    return ops.pad(h, [*untouched, [0, shift], [0, 0]])[..., shift:, :] if shift else h
