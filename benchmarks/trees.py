"""Tree-LSTM, one training step, batch 32 of random trees: zoo.build("recursive_tree") against torch, node by node and
by level.

Trees of 19 words on average (sizes as in the Stanford Sentiment Treebank), split at random, units and words of 150,
every node labelled, Adam. The packing of a batch on the host is part of our time.
"""

import json
import resource
import sys

import numpy as np

from benchmarks.beam_search import best_of
from benchmarks.classifier import STEPS, timed
from benchmarks.peer import finish, moved, torch_here

BATCH, UNITS, VOCABULARY, CLASSES, WORDS = 32, 150, 5000, 5, 19


def pairs():
    # A node multiplies two children's states by five gates' weights, forward and twice that backward.
    flops = 3 * 2 * BATCH * ((WORDS - 1) * 2 * UNITS * 5 * UNITS + WORDS * UNITS * 3 * UNITS)
    for peer, kind in (("torch, node by node", "nodes"), ("torch, by level", "levels")):
        torch = (peer, ["-m", "benchmarks.trees", kind], {})
        for name, backend, jit in (
            ("tensorflow", "tensorflow", "auto"),
            ("tensorflow, XLA", "tensorflow", "xla"),
            ("jax", "jax", "auto"),
        ):
            command = ["-m", "benchmarks.trees", jit]
            yield "Tree-LSTM", (name, command, {"KERAS_BACKEND": backend}), torch, flops


def trees(count, words=WORDS, seed=0):
    """Trees split at random places, of `words` words on average."""
    from zoo.data.trees import Tree

    random = np.random.default_rng(seed)

    def grown(leaves):
        if leaves == 1:
            return Tree(token=f"w{random.integers(VOCABULARY)}")
        left = int(random.integers(1, leaves))
        return Tree(children=(grown(left), grown(leaves - left)))

    return [grown(int(size)) for size in np.clip(random.normal(words, words / 2, count), 2, 3 * words)]


def data(words=WORDS):
    from zoo.data.batches.trees import TreeBatches
    from zoo.data.vocabularies.vocabulary import Vocabulary

    random = np.random.default_rng(1)
    found = trees(STEPS * BATCH, words)
    classes = [random.integers(0, CLASSES, len(tree.nodes())) for tree in found]
    vocabulary = Vocabulary([f"w{number}" for number in range(VOCABULARY)])
    return TreeBatches(found, vocabulary, classes, batch_size=BATCH), found, classes


def ours(jit):
    import zoo

    model = zoo.build("recursive_tree", vocabulary_size=VOCABULARY + 4, outputs=CLASSES, units=UNITS)
    model.compile("adam", "sparse_categorical_crossentropy", jit_compile=True if jit == "xla" else "auto")
    return model


def keras_seconds(jit):
    (batches, _, _), model = data(), ours(jit)
    return timed(lambda: model.fit(batches, epochs=1, verbose=0, shuffle=False))


def torch_seconds(kind):
    torch = torch_here()
    nn = torch.nn
    _, found, classes = data()
    embedding, words = nn.Embedding(VOCABULARY + 4, UNITS), nn.Linear(UNITS, 3 * UNITS)
    gates, head = nn.Linear(2 * UNITS, 5 * UNITS), nn.Linear(UNITS, CLASSES)
    optimizer = torch.optim.Adam([weight for part in (embedding, words, gates, head) for weight in part.parameters()])

    def node(i, o, u, kept):
        c = torch.sigmoid(i) * torch.tanh(u) + kept
        return torch.sigmoid(o) * torch.tanh(c), c

    def leaf(ids):
        return node(*words(embedding(ids)).chunk(3, -1), 0.0)

    def compose(left, right):
        i, o, u, f, g = gates(torch.cat([left[0], right[0]], -1)).chunk(5, -1)
        return node(i, o, u, torch.sigmoid(f) * left[1] + torch.sigmoid(g) * right[1])

    def ids(tree):
        return int(tree.token[1:]) + 4

    def node_by_node(batch):
        """The states of all nodes, tree after tree in post-order: what a recursive function does."""
        states = []
        for tree in batch:
            waiting = []
            for each in tree.nodes():
                if each.token is not None:
                    waiting.append(leaf(torch.tensor([ids(each)])))
                else:
                    right, left = waiting.pop(), waiting.pop()
                    waiting.append(compose(left, right))
                states.append(waiting[-1][0])
        return torch.cat(states)

    def by_level(batch):
        """All nodes of one height at once."""
        levels, numbers, count = {}, [], 0
        for tree in batch:
            waiting = []
            for each in tree.nodes():
                if each.token is not None:
                    entry = (0, count, ids(each), 0)
                else:
                    right, left = waiting.pop(), waiting.pop()
                    entry = (1 + max(left[0], right[0]), count, left[1], right[1])
                levels.setdefault(entry[0], []).append(entry[1:])
                waiting.append(entry)
                numbers.append(count)
                count += 1
        order = torch.tensor([own for level in sorted(levels) for own, _, _ in levels[level]])
        place = torch.empty(count, dtype=torch.long)
        place[order] = torch.arange(count)
        h, c = leaf(torch.tensor([word for _, word, _ in levels[0]]))
        for level in sorted(levels)[1:]:
            left, right = (place[torch.tensor([entry[side] for entry in levels[level]])] for side in (1, 2))
            made = compose((h[left], c[left]), (h[right], c[right]))
            h, c = torch.cat([h, made[0]]), torch.cat([c, made[1]])
        return h[place]

    states = {"nodes": node_by_node, "levels": by_level}[kind]

    def fit():
        for start in range(0, len(found), BATCH):
            optimizer.zero_grad()
            scores = head(states(found[start : start + BATCH]))
            true = moved(np.concatenate(classes[start : start + BATCH]))
            nn.functional.cross_entropy(scores, true).backward()
            optimizer.step()
        finish()

    return timed(fit)


def growth() -> None:
    """Prints the milliseconds of a batch, packing included, by the number of words of a tree, and the exponent."""
    model, sizes, seconds = ours("auto"), (10, 20, 40, 80, 160), []
    for size in sizes:
        batches, _, _ = data(size)
        # The first two batches are padded apart from each other; the third is as all others.
        seconds.append(best_of(lambda batches=batches: model.predict_on_batch(batches[2][0])))
    exponent = np.log(seconds[-1] / seconds[0]) / np.log(sizes[-1] / sizes[0])
    shown = ", ".join(f"{size}: {second * 1e3:.0f} ms" for size, second in zip(sizes, seconds, strict=True))
    print(f"trees by words: {shown}; exponent {exponent:.2f}", flush=True)


if __name__ == "__main__":
    kind = sys.argv[1]
    seconds = torch_seconds(kind) if kind in ("nodes", "levels") else keras_seconds(kind)
    print(json.dumps({"ms": seconds * 1e3, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
