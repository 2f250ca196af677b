"""Memory network on bAbI's sizes, one training step: zoo.build("memory_network") against the same model in torch.

Batch 32, 50 sentences of 7 words, 180 words, units 50, 3 hops, adjacent tying, position encoding, SGD.
"""

import json
import resource
import sys

import numpy as np

from benchmarks.beam_search import best_of
from benchmarks.classifier import STEPS, timed
from benchmarks.peer import finish, moved, torch_here

BATCH, SENTENCES, WORDS, VOCABULARY, UNITS, HOPS = 32, 50, 7, 180, 50, 3


def pairs():
    # Sums of words, comparisons and readings, forward and twice that backward.
    flops = 3 * 2 * BATCH * SENTENCES * UNITS * ((HOPS + 1) * WORDS + 2 * HOPS)
    torch = ("torch", ["-m", "benchmarks.memory_network", "torch"], {})
    for name, backend, jit in (
        ("tensorflow", "tensorflow", "auto"),
        ("tensorflow, XLA", "tensorflow", "xla"),
        ("jax", "jax", "auto"),
    ):
        yield "3 hops", (name, ["-m", "benchmarks.memory_network", jit], {"KERAS_BACKEND": backend}), torch, flops


def batches():
    random = np.random.default_rng(0)
    story = random.integers(1, VOCABULARY, (STEPS * BATCH, SENTENCES, WORDS)).astype("int32")
    question, answer = random.integers(1, VOCABULARY, (2, STEPS * BATCH, WORDS)).astype("int32")
    return story, question, answer[:, 0]


def ours(jit, hops=HOPS):
    import keras

    import zoo

    model = zoo.build("memory_network", vocabulary_size=VOCABULARY, units=UNITS, hops=hops, memory_size=SENTENCES)
    model.compile(
        keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy", jit_compile=True if jit == "xla" else "auto"
    )
    return model


def keras_seconds(jit):
    story, question, answer = batches()
    model, inputs = ours(jit), {"story": story, "question": question}
    return timed(lambda: model.fit(inputs, answer, batch_size=BATCH, epochs=1, verbose=0, shuffle=False))


def torch_seconds():
    torch = torch_here()
    story, question, answer = (moved(array) for array in batches())
    words = torch.nn.ModuleList([torch.nn.Embedding(VOCABULARY, UNITS) for _ in range(HOPS + 1)])
    ages = torch.nn.Parameter(torch.randn(HOPS + 1, SENTENCES, UNITS) / 10)
    place = torch.arange(1, WORDS + 1)[:, None] / WORDS
    feature = torch.arange(1, UNITS + 1) / UNITS
    share = (1 - place) - feature * (1 - 2 * place)
    optimizer = torch.optim.SGD([*words.parameters(), ages], 0.01)

    def answered(story, question):
        memories = [(each(story) * share).sum(2) + age.flip(0) for each, age in zip(words, ages, strict=True)]
        u = (words[0](question) * share).sum(1)
        for hop in range(HOPS):
            alignment = torch.softmax(torch.einsum("bd,bnd->bn", u, memories[hop]), -1)
            u = u + torch.einsum("bn,bnd->bd", alignment, memories[hop + 1])
        return u @ words[HOPS].weight.T

    def fit():
        for start in range(0, len(story), BATCH):
            part = slice(start, start + BATCH)
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(answered(story[part], question[part]), answer[part]).backward()
            optimizer.step()
        finish()

    return timed(fit)


def growth() -> None:
    """Prints the milliseconds of an answer by the number of hops, and the exponent."""
    story, question, _ = batches()
    inputs, sizes, seconds = {"story": story[:BATCH], "question": question[:BATCH]}, (1, 2, 4, 8, 16), []
    for hops in sizes:
        model = ours("auto", hops)
        seconds.append(best_of(lambda model=model: model.predict_on_batch(inputs)))
    exponent = np.log(seconds[-1] / seconds[0]) / np.log(sizes[-1] / sizes[0])
    shown = ", ".join(f"{size}: {second * 1e3:.2f} ms" for size, second in zip(sizes, seconds, strict=True))
    print(f"memory network by hops: {shown}; exponent {exponent:.2f}", flush=True)


if __name__ == "__main__":
    seconds = torch_seconds() if sys.argv[1] == "torch" else keras_seconds(sys.argv[1])
    print(json.dumps({"ms": seconds * 1e3, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
