from collections.abc import Callable

import keras
from keras import ops

from zoo.layers.sentence_encoding import ENCODINGS
from zoo.layers.unmasked import Unmasked
from zoo.lookup import lookup
from zoo.ops.masking import masked_softmax

# Which matrix, by number, every hop compares with (A^k) and reads (C^k), the one of the question (B), and the one of
# the answer (W), None for one of its own.
Matrices = tuple[list[int], list[int], int, int | None]


def adjacent(hops: int) -> Matrices:
    """Adjacent weight tying: A^{k+1} = C^k, B = A^1, W^T = C^K."""
    return list(range(hops)), list(range(1, hops + 1)), 0, hops


def layer_wise(hops: int) -> Matrices:
    """Layer-wise (RNN-like) weight tying: A^1 = ... = A^K, C^1 = ... = C^K, and u is mapped by H between hops."""
    return [0] * hops, [1] * hops, 2, None


def none(hops: int) -> Matrices:
    """Each its own."""
    return list(range(hops)), list(range(hops, 2 * hops)), 2 * hops, None


def single(hops: int) -> Matrices:
    """One embedding for all: A = B = C."""
    return [0] * hops, [0] * hops, 0, None


TYINGS: dict[str, Callable[[int], Matrices]] = {
    "adjacent": adjacent,
    "layer_wise": layer_wise,
    "none": none,
    "single": single,
}


@keras.saving.register_keras_serializable(package="zoo")
class MemoryHops(Unmasked):
    """Asks a memory of sentences, several times over.

        m^k_i = sum_j l_j * A^k x_ij + T_A^k(i),   c^k_i = sum_j l_j * C^k x_ij + T_C^k(i),   u^1 = sum_j l_j * B q_j
        p^k = softmax_i(u^k . m^k_i),   o^k = sum_i p^k_i c^k_i,   u^{k+1} = u^k + o^k        (H u^k + o^k layer-wise)
        scores = W (u^{K+1})

    The sentences are counted from the latest: T(0) belongs to the last one. Those further back than `memory_size` are
    not read. Places of the memory that a story leaves empty, one at least, have m = c = 0: a hop may find nothing.

    Linear start: in the first `linear_updates` updates of training p^k = u^k . m^k, without softmax; `updates`, a
    weight, counts them.

    Args:
        vocabulary_size: of words, 0 is padding.
        units: d, width of all vectors.
        hops: K.
        tying: a name of `TYINGS`.
        encoding: a name of `zoo.layers.sentence_encoding.ENCODINGS`: l.
        temporal: whether sentences carry their age T.
        memory_size: sentences that are read, the latest.
        noise: in training, the chance that an empty sentence seems to stand behind a sentence: ages are not exact.
        linear_updates: of the linear start.
        outputs: how many scores; as many as words if None.
    Shapes:
        story (B, N, W) int, question (B, W) int -> {"scores": (B, outputs), "alignment": (B, K, N)}; of a hop's
        alignment, what is missing to 1 lies on empty positions (but in a linear start), and padding has exactly 0.
    Raises:
        ValueError: an unknown name, with the closest; sizes below 1; noise outside [0, 1); adjacent tying with
            `outputs`, as its answers are words.
    Reference: Sukhbaatar et al. 2015, arXiv:1503.08895; the empty positions are those of the authors' code. Differs:
        noise is drawn for each sentence by itself.
    """

    def __init__(
        self,
        vocabulary_size: int,
        units: int = 50,
        *,
        hops: int = 3,
        tying: str = "adjacent",
        encoding: str = "position",
        temporal: bool = True,
        memory_size: int = 50,
        noise: float = 0.0,
        linear_updates: int = 0,
        outputs: int | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(vocabulary_size, units, hops, memory_size, 1 if outputs is None else outputs) < 1 or linear_updates < 0:
            raise ValueError(
                "Sizes must be at least 1, and `linear_updates` not negative. Received: "
                f"vocabulary_size={vocabulary_size}, units={units}, hops={hops}, memory_size={memory_size}, "
                f"outputs={outputs}, linear_updates={linear_updates}"
            )
        if not 0 <= noise < 1:
            raise ValueError(f"`noise` is a rate in [0, 1). Received: noise={noise}")
        self.inputs, self.reads, self.question, self.answer = lookup("tying", tying, TYINGS)(hops)
        if self.answer is not None and outputs not in (None, vocabulary_size):
            raise ValueError(
                f"With adjacent tying the answer is one of the words: leave `outputs` out, or choose another tying. "
                f"Received: outputs={outputs}"
            )
        self.encode = lookup("encoding", encoding, ENCODINGS)
        self.vocabulary_size, self.units, self.hops = vocabulary_size, units, hops
        self.recurrent = tying == "layer_wise"
        self.temporal, self.memory_size, self.noise = temporal, memory_size, noise
        self.linear_updates = linear_updates
        self.outputs = outputs or vocabulary_size
        self.seed_generator = keras.random.SeedGenerator() if noise else None

    def build(self, story_shape, question_shape):
        count = max(*self.inputs, *self.reads, self.question) + 1
        start = keras.initializers.RandomNormal(stddev=0.1)
        self.embeddings = [
            self.add_weight(shape=(self.vocabulary_size, self.units), initializer=start, name=f"embedding_{n}")
            for n in range(count)
        ]
        aged = {*self.inputs, *self.reads} if self.temporal else ()
        self.ages = {
            str(n): self.add_weight(shape=(self.memory_size, self.units), initializer=start, name=f"age_{n}")
            for n in sorted(aged)
        }
        if self.recurrent:
            self.between = self.add_weight(shape=(self.units, self.units), initializer=start, name="between")
        if self.answer is None:
            self.words = self.add_weight(shape=(self.units, self.outputs), initializer=start, name="words")
        if self.linear_updates:
            self.updates = self.add_weight(
                shape=(), dtype="int32", initializer="zeros", trainable=False, name="updates"
            )

    def call(self, story, question, training=None):
        age, mask = self._age(story, training)
        share = ops.cast(self.encode(story, self.units), self.compute_dtype)
        memories = {n: self._remember(n, story, share, age) for n in {*self.inputs, *self.reads}}
        u = self._sum(self.question, question, ops.cast(self.encode(question, self.units), self.compute_dtype))
        alignments = []
        for inputs, reads in zip(self.inputs, self.reads, strict=True):
            alignment = self._align(ops.einsum("bd,bnd->bn", u, memories[inputs]), mask)
            read = ops.einsum("bn,bnd->bd", alignment, memories[reads])
            u = (ops.matmul(u, self.between) if self.recurrent else u) + read
            alignments.append(alignment)
        if self.linear_updates and training:
            self.updates.assign(self.updates + 1)
        words = self.words if self.answer is None else ops.transpose(self.embeddings[self.answer])
        scores = ops.cast(ops.matmul(u, words), "float32")
        return {"scores": scores, "alignment": ops.stack(alignments, axis=1)}

    @property
    def linear(self):
        """Return whether the layer is in its linear start; a tensor, if it has one."""
        return self.linear_updates and self.updates < self.linear_updates

    def _align(self, scores, mask):
        # All empty positions as one, of score log(how many).
        filled = ops.sum(ops.cast(mask, scores.dtype), axis=1, keepdims=True)
        empty = ops.log(ops.maximum(self.memory_size - filled, 1))
        slot_scores = ops.concatenate([scores, empty], axis=1)
        alignment = masked_softmax(slot_scores, ops.pad(mask, [[0, 0], [0, 1]], constant_values=True))[:, :-1]
        if not self.linear_updates:
            return alignment
        return ops.where(self.linear, ops.where(mask, scores, ops.zeros_like(scores)), alignment)

    def _age(self, story, training):
        """How many sentences ago each one was, (B, N) int, and which are read, (B, N) bool."""
        real = ops.cast(ops.any(ops.not_equal(story, 0), axis=-1), "int32")
        behind = real
        if self.noise and training:
            blank = keras.random.uniform(ops.shape(real), seed=self.seed_generator) < self.noise
            behind = behind + real * ops.cast(blank, "int32")
        age = ops.flip(ops.cumsum(ops.flip(behind, axis=1), axis=1), axis=1) - 1
        # Noise may make sentences older than the memory, yet hides none.
        exact = ops.flip(ops.cumsum(ops.flip(real, axis=1), axis=1), axis=1) - 1
        mask = ops.logical_and(real > 0, exact < self.memory_size)
        return ops.clip(age, 0, self.memory_size - 1), mask

    def _remember(self, number, story, share, age):
        sentences = self._sum(number, story, share)
        return sentences + ops.take(self.ages[str(number)], age, axis=0) if self.temporal else sentences

    def _sum(self, number, tokens, share):
        return ops.sum(ops.take(self.embeddings[number], tokens, axis=0) * share, axis=-2)
