import keras

from zoo.layers.memory_hops import MemoryHops
from zoo.models.base.mapping_model import MappingModel


def memory_network(
    *,
    vocabulary_size: int,
    outputs: int | None = None,
    activation: str | None = "softmax",
    units: int = 50,
    hops: int = 3,
    tying: str = "adjacent",
    encoding: str = "position",
    temporal: bool = True,
    memory_size: int = 50,
    noise: float = 0.0,
    linear_updates: int = 0,
) -> keras.Model:
    """End-to-end memory network: answers a question about a story by several hops of attention over its sentences.

        u^1     = the question
        p^k     = softmax_i(u^k . m^k_i)               where it looks
        u^{k+1} = u^k + sum_i p^k_i c^k_i              what it has found out
        p       = activation(W u^{K+1})

    m^k_i and c^k_i are sentence i, as hop k compares it and as hop k reads it: sums of the vectors of its words. Places
    of the memory that the story leaves empty are zeros, so that a hop may find nothing.
    `keras.Model(model.input, model.get_layer("hops").output)` gives its attention: alignment (B, K, N), scores.

    Args:
        vocabulary_size: how many ids words have (0 is padding).
        outputs: answers to choose from; any word if None.
        activation: "softmax" for one answer, "sigmoid" for several, None for scores.
        units: width of all vectors.
        hops: how often it looks.
        tying: "adjacent", "layer_wise", "none" or "single" (one embedding for all): which matrices are the same, see
            `zoo.layers.memory_hops`.
        encoding: "position" where the order of words counts ("position_as_printed" at half the scale), "bag" where not.
        temporal: whether sentences carry their age.
        memory_size: sentences that are read, the latest.
        noise: in training, the chance that a sentence seems one older: 0.1 in the paper.
        linear_updates: updates at the beginning of training without softmax over the sentences (linear start).
    Shapes:
        {"story" (B, N, W) int, "question" (B, W) int} -> (B, outputs). N is any number of sentences; a row of only
        padding is answered by the question alone.
    Raises:
        ValueError: as `zoo.layers.memory_hops.MemoryHops`.
    Reference: Sukhbaatar et al. 2015, End-To-End Memory Networks, arXiv:1503.08895.
    """
    story = keras.Input((None, None), dtype="int32", name="story")
    question = keras.Input((None,), dtype="int32", name="question")
    answers = MemoryHops(
        vocabulary_size,
        units,
        hops=hops,
        tying=tying,
        encoding=encoding,
        temporal=temporal,
        memory_size=memory_size,
        noise=noise,
        linear_updates=linear_updates,
        outputs=outputs,
        name="hops",
    )(story, question)
    head = keras.layers.Activation(activation, dtype="float32", name="head")
    return MappingModel({"story": story, "question": question}, head(answers["scores"]), name="memory_network")
