"""LSTM classifier, one training step: zoo.build("many_to_one") against torch and Keras' own layer, Adam.

Learned: on TensorFlow the gradient of the recurrent weights is what the stock loop loses time with (one addition to the
whole matrix a step); at 64 units the loop's overhead per operation rules, and XLA does not remove it.
"""

import json
import resource
import sys
import time

import numpy as np

from benchmarks.peer import finish, moved, torch_here

VOCABULARY, CLASSES, STEPS = 5000, 6, 12
SHAPES = {"64 x 128 x 256": (64, 128, 256), "32 x 100 x 64": (32, 100, 64)}  # batch x steps x units = embedding


def pairs():
    for label, shape in SHAPES.items():
        batch, steps, units = shape
        flops = 3 * 2 * batch * steps * 4 * units * 2 * units  # forward, and twice that backward
        sizes = [str(number) for number in shape]
        torch = ("torch nn.LSTM", ["-m", "benchmarks.classifier", "torch", *sizes], {})
        for name, backend, jit in (
            ("tensorflow", "tensorflow", "auto"),
            ("tensorflow, XLA", "tensorflow", "xla"),
            ("jax", "jax", "auto"),
        ):
            ours = (name, ["-m", "benchmarks.classifier", jit, *sizes], {"KERAS_BACKEND": backend})
            yield label, ours, torch, flops
            if jit == "auto":
                stock = (
                    "keras.layers.LSTM",
                    ["-m", "benchmarks.classifier", "stock", *sizes],
                    {"KERAS_BACKEND": backend},
                )
                yield label, ours, stock, flops


def batches(batch, steps):
    rng = np.random.default_rng(0)
    return rng.integers(1, VOCABULARY, (STEPS * batch, steps)).astype("int32"), rng.integers(0, CLASSES, STEPS * batch)


def keras_seconds(jit, batch, steps, units):
    import keras

    import zoo

    tokens, classes = batches(batch, steps)
    if jit == "stock":
        inputs = keras.Input((None,), dtype="int32")
        outputs = keras.layers.LSTM(units, return_sequences=True)(keras.layers.Embedding(VOCABULARY, units)(inputs))
        pooled = keras.layers.GlobalAveragePooling1D()(outputs)
        model = keras.Model(inputs, keras.layers.Dense(CLASSES, activation="softmax")(pooled))
    else:
        sizes = {"vocabulary_size": VOCABULARY, "outputs": CLASSES, "embedding_size": units, "units": units}
        model = zoo.build("many_to_one", pooling="mean", **sizes)
    model.compile("adam", "sparse_categorical_crossentropy", jit_compile=True if jit == "xla" else "auto")
    fit = lambda: model.fit(tokens, classes, batch_size=batch, epochs=1, verbose=0, shuffle=False)  # noqa: E731
    return timed(fit)


def torch_seconds(batch, steps, units):
    torch = torch_here()
    tokens, classes = (moved(array) for array in batches(batch, steps))
    embedding, lstm = torch.nn.Embedding(VOCABULARY, units), torch.nn.LSTM(units, units, batch_first=True)
    head = torch.nn.Linear(units, CLASSES)
    optimizer = torch.optim.Adam([*embedding.parameters(), *lstm.parameters(), *head.parameters()])

    def fit():
        for start in range(0, len(tokens), batch):
            optimizer.zero_grad()
            outputs, _ = lstm(embedding(tokens[start : start + batch]))
            loss = torch.nn.functional.cross_entropy(head(outputs.mean(1)), classes[start : start + batch])
            loss.backward()
            optimizer.step()
        finish()

    return timed(fit)


def timed(fit) -> float:
    """Seconds a step: the best of three rounds of STEPS steps, after one to warm up."""
    fit()
    rounds = []
    for _ in range(3):
        begun = time.perf_counter()
        fit()
        rounds.append(time.perf_counter() - begun)
    return min(rounds) / STEPS


if __name__ == "__main__":
    kind, *sizes = sys.argv[1:]
    batch, steps, units = map(int, sizes)
    seconds = torch_seconds(batch, steps, units) if kind == "torch" else keras_seconds(kind, batch, steps, units)
    print(json.dumps({"ms": seconds * 1e3, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
