"""Addressing, reading and writing of Neural Turing Machines (Graves et al. 2014, section 3).

Weights w are (B, H, N): one distribution over the N slots for each of H heads. They are computed in float32 and
returned in the dtype of the input: in float16 a softmax over slots sums to 1 only within a percent.
"""

from keras import ops

# Keeps the gradient of the cosine finite for a slot of zeros.
COSINE_EPSILON = 1e-6
# Added to no weight: the least weight whose logarithm is taken.
LOG_EPSILON = 1e-20


def by_content(keys, strengths, memory):
    """Content-based addressing.

        w_i = softmax_i(beta cos(k, M_i))          (eq. 5-6)

    keys (B, H, W), strengths beta >= 0 (B, H), memory (B, N, W) -> (B, H, N). The slope by a key grows as beta / |k|:
    in float16 that of very short keys is beyond its range, and mixed precision needs loss scaling, as it does anyway.
    """
    dtype = keys.dtype
    keys, memory = ops.cast(keys, "float32"), ops.cast(memory, "float32")
    products = ops.einsum("bhw,bnw->bhn", keys, memory)
    keys_square = ops.sum(ops.square(keys), axis=-1)
    slots_square = ops.sum(ops.square(memory), axis=-1)
    # The small number stands inside the root: its gradient at 0 is finite.
    lengths = ops.sqrt(ops.expand_dims(keys_square, 2) * ops.expand_dims(slots_square, 1) + COSINE_EPSILON**2)
    scores = ops.expand_dims(ops.cast(strengths, "float32"), -1) * products / lengths
    return ops.cast(ops.softmax(scores, axis=-1), dtype)


def interpolate(gate, weights, previous):
    """Interpolate with the previous weights: g w + (1 - g) w' (eq. 7). gate (B, H), weights (B, H, N)."""
    gate = ops.expand_dims(gate, -1)
    return gate * weights + (1 - gate) * previous


def shift(weights, shifts):
    """Shift the weights by circular convolution.

        w'_i = sum_j w_{i - j} s_j,   j = -R .. R          (eq. 8)

    weights (B, H, N), shifts s (B, H, 2 R + 1), which sums to 1 -> (B, H, N).
    """
    shift_range = shifts.shape[-1] // 2
    shifted = [
        ops.roll(weights, j, axis=-1) * shifts[..., j + shift_range, None] for j in range(-shift_range, shift_range + 1)
    ]
    return sum(shifted[1:], shifted[0])


def sharpen(weights, gamma):
    """Sharpen the weights after a shift: w_i^gamma / sum_j w_j^gamma (eq. 9). weights (B, H, N), gamma >= 1 (B, H).

    As a softmax of gamma log w: a power of many small numbers may underflow to 0 everywhere, a softmax cannot.
    """
    logarithms = ops.log(ops.maximum(ops.cast(weights, "float32"), LOG_EPSILON))
    sharp = ops.softmax(ops.expand_dims(ops.cast(gamma, "float32"), -1) * logarithms, axis=-1)
    return ops.cast(sharp, weights.dtype)


def erase_and_add(memory, weights, erase, add):
    """Write to the memory: erase, then add.

        M'_i = M_i prod_h (1 - w_hi e_h) + sum_h w_hi a_h          (eq. 3-4)

    memory (B, N, W), weights (B, H, N), erase in [0, 1] (B, H, W), add (B, H, W) -> (B, N, W).
    """
    written = memory  # (B, N, W)
    for head in range(weights.shape[1]):
        written = written * (1 - weights[:, head, :, None] * erase[:, head, None, :])
    return written + ops.einsum("bhn,bhw->bnw", weights, add)


def read(memory, weights):
    """r_h = sum_i w_hi M_i (eq. 2). memory (B, N, W), weights (B, H, N) -> (B, H, W)."""
    return ops.einsum("bhn,bnw->bhw", weights, memory)
