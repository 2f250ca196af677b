"""Attention encoder-decoder, one training step: zoo.build("encoder_decoder") against a torch LSTMCell loop, Adam.

The same equations on both sides: a bidirectional LSTM encoder, additive attention by the state before the step, its
context into an LSTM cell, tanh of both, a read-out over 8000 tokens. Batch 32, units and embedding 256.
"""

import json
import resource
import sys

import numpy as np

from benchmarks.classifier import timed
from benchmarks.peer import finish, moved, torch_here

VOCABULARY, BATCH, UNITS, STEPS = 8000, 32, 256, 12


def pairs():
    for length in (30, 100):
        # Multiplications of weights a step, forward and twice that backward; attention and read-out included.
        encoder, cell = 2 * 4 * UNITS // 2 * (UNITS + UNITS // 2), 4 * UNITS * 3 * UNITS
        attention = UNITS * UNITS * 2 + length * 2 * UNITS
        flops = 3 * 2 * BATCH * length * (encoder + cell + attention + 2 * UNITS * UNITS + UNITS * VOCABULARY)
        torch = ("torch LSTMCell loop", ["-m", "benchmarks.attention", "torch", str(length)], {})
        for name, backend, jit in (
            ("tensorflow", "tensorflow", "auto"),
            ("tensorflow, XLA", "tensorflow", "xla"),
            ("jax", "jax", "auto"),
        ):
            command = ["-m", "benchmarks.attention", jit, str(length)]
            yield f"{length} x {length} steps", (name, command, {"KERAS_BACKEND": backend}), torch, flops


def batches(length):
    rng = np.random.default_rng(0)
    return [rng.integers(4, VOCABULARY, (STEPS * BATCH, length)).astype("int32") for _ in range(3)]


def keras_seconds(jit, length):
    import zoo

    source, target, said = batches(length)
    model = zoo.build(
        "encoder_decoder",
        source_vocabulary_size=VOCABULARY,
        target_vocabulary_size=VOCABULARY,
        attention="additive",
        attention_style="bahdanau",
        units=UNITS,
        embedding_size=UNITS,
    )
    model.compile("adam", jit_compile=True if jit == "xla" else "auto")
    inputs = {"source": source, "target": target}
    return timed(lambda: model.fit(inputs, said, batch_size=BATCH, epochs=1, verbose=0, shuffle=False))


def torch_model():
    import torch
    from torch import nn

    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.source, self.target = nn.Embedding(VOCABULARY, UNITS), nn.Embedding(VOCABULARY, UNITS)
            self.encoder = nn.LSTM(UNITS, UNITS // 2, bidirectional=True, batch_first=True)
            self.bridge = nn.Linear(2 * UNITS, 2 * UNITS)
            self.query, self.key = nn.Linear(UNITS, UNITS, bias=False), nn.Linear(UNITS, UNITS, bias=False)
            self.vector = nn.Linear(UNITS, 1, bias=False)
            self.cell = nn.LSTMCell(2 * UNITS, UNITS)
            self.combine, self.readout = nn.Linear(2 * UNITS, UNITS), nn.Linear(UNITS, VOCABULARY)

        def encode(self, source):
            memory, (h, c) = self.encoder(self.source(source))
            state = torch.tanh(self.bridge(torch.cat([h[0], c[0], h[1], c[1]], -1))).chunk(2, -1)
            return memory, self.key(memory), state

        def step(self, vectors, state, memory, keys):
            scores = self.vector(torch.tanh(self.query(state[0])[:, None] + keys))
            context = (torch.softmax(scores, 1) * memory).sum(1)
            state = self.cell(torch.cat([vectors, context], -1), state)
            return state, context

        def say(self, outputs, contexts):
            return self.readout(torch.tanh(self.combine(torch.cat([outputs, contexts], -1))))

        def forward(self, source, target):
            memory, keys, state = self.encode(source)
            vectors, outputs, contexts = self.target(target), [], []
            for t in range(target.shape[1]):
                state, context = self.step(vectors[:, t], state, memory, keys)
                outputs.append(state[0])
                contexts.append(context)
            return self.say(torch.stack(outputs, 1), torch.stack(contexts, 1))

    return Decoder()


def torch_seconds(length):
    torch = torch_here()
    source, target, said = (moved(array) for array in batches(length))
    model = torch_model()
    optimizer = torch.optim.Adam(model.parameters())

    def fit():
        for start in range(0, len(source), BATCH):
            optimizer.zero_grad()
            part = slice(start, start + BATCH)
            scores = model(source[part], target[part])
            torch.nn.functional.cross_entropy(scores.flatten(0, 1), said[part].flatten()).backward()
            optimizer.step()
        finish()

    return timed(fit)


if __name__ == "__main__":
    kind, length = sys.argv[1], int(sys.argv[2])
    seconds = torch_seconds(length) if kind == "torch" else keras_seconds(kind, length)
    print(json.dumps({"ms": seconds * 1e3, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
