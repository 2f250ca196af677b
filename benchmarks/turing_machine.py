"""Neural Turing Machine, one training step: zoo.build("turing_machine") against a torch loop, the same equations, Adam.

Copying 20 vectors (41 steps), batch 32, memory 128 x 20, one head of each kind, controllers of 100.
"""

import json
import resource
import sys

import numpy as np

from benchmarks.beam_search import best_of
from benchmarks.classifier import STEPS, timed
from benchmarks.peer import finish, moved, torch_here

BATCH, LENGTH, UNITS, SLOTS, SIZE = 32, 41, 100, 128, 20
FEATURES, OUTPUTS, HEAD = 9, 8, SIZE + 1 + 1 + 3 + 1


def pairs():
    for controller, gates in (("feed_forward", 1), ("lstm", 4)):
        weights = gates * UNITS * (FEATURES + SIZE + (UNITS if gates > 1 else 0)) + UNITS * (2 * HEAD + 2 * SIZE)
        flops = 3 * 2 * BATCH * LENGTH * (weights + 5 * SLOTS * SIZE)
        torch = ("torch loop", ["-m", "benchmarks.turing_machine", "torch", controller], {})
        for name, backend, jit in (
            ("tensorflow", "tensorflow", "auto"),
            ("tensorflow, XLA", "tensorflow", "xla"),
            ("jax", "jax", "auto"),
        ):
            command = ["-m", "benchmarks.turing_machine", jit, controller]
            yield controller, (name, command, {"KERAS_BACKEND": backend}), torch, flops


def batches():
    random = np.random.default_rng(0)
    frames = random.integers(0, 2, (STEPS * BATCH, LENGTH, FEATURES)).astype("float32")
    return frames, random.integers(0, 2, (STEPS * BATCH, LENGTH, OUTPUTS)).astype("float32")


def ours(jit, controller, slots=SLOTS):
    import zoo

    model = zoo.build("turing_machine", features=FEATURES, outputs=OUTPUTS, controller=controller, slots=slots)
    model.compile("adam", "binary_crossentropy", jit_compile=True if jit == "xla" else "auto")
    return model


def keras_seconds(jit, controller):
    frames, bits = batches()
    model = ours(jit, controller)
    return timed(lambda: model.fit(frames, bits, batch_size=BATCH, epochs=1, verbose=0, shuffle=False))


def torch_seconds(controller):
    torch = torch_here()
    nn = torch.nn
    frames, bits = map(moved, batches())
    lstm = nn.LSTMCell(FEATURES + SIZE, UNITS) if controller == "lstm" else None
    dense = nn.Linear(FEATURES + SIZE, UNITS)
    heads, head = nn.Linear(UNITS, 2 * HEAD + 2 * SIZE), nn.Linear(UNITS + SIZE, OUTPUTS)
    places = nn.Parameter(torch.zeros(2, SLOTS))
    modules = [*([lstm] if lstm else [dense]), heads, head]
    optimizer = torch.optim.Adam([places, *(weight for module in modules for weight in module.parameters())])

    def address(parts, memory, previous):
        key, (beta, gate, gamma) = torch.tanh(parts[..., :SIZE]), parts[..., SIZE : SIZE + 3].unbind(-1)
        lengths = key.norm(dim=-1)[..., None] * memory.norm(dim=-1)[:, None] + 1e-6
        scores = torch.einsum("bhw,bnw->bhn", key, memory) / lengths
        weights = torch.softmax(nn.functional.softplus(beta)[..., None] * scores, -1)
        gate = torch.sigmoid(gate)[..., None]
        weights = gate * weights + (1 - gate) * previous
        moves = torch.softmax(parts[..., -3:], -1)
        weights = sum(torch.roll(weights, j, -1) * moves[..., j + 1, None] for j in (-1, 0, 1))
        return torch.softmax((1 + nn.functional.softplus(gamma))[..., None] * torch.log(weights + 1e-6), -1)

    def said(inputs):
        batch = len(inputs)
        memory, read = torch.full((batch, SLOTS, SIZE), 1e-6), torch.zeros(batch, SIZE)
        weights = torch.softmax(places, -1).expand(batch, 2, SLOTS)
        state, outputs = (torch.zeros(batch, UNITS), torch.zeros(batch, UNITS)), []
        for t in range(LENGTH):
            joined = torch.cat([inputs[:, t], read], -1)
            if lstm:
                state = lstm(joined, state)
            hidden = state[0] if lstm else torch.tanh(dense(joined))
            parts = heads(hidden)
            erase, add = torch.sigmoid(parts[:, :SIZE]), torch.tanh(parts[:, SIZE : 2 * SIZE])
            weights = address(parts[:, 2 * SIZE :].view(batch, 2, HEAD), memory, weights)
            writing = weights[:, 0, :, None]
            memory = memory * (1 - writing * erase[:, None]) + writing * add[:, None]
            read = torch.einsum("bn,bnw->bw", weights[:, 1], memory)
            outputs.append(torch.cat([hidden, read], -1))
        return head(torch.stack(outputs, 1))

    def fit():
        for start in range(0, len(frames), BATCH):
            part = slice(start, start + BATCH)
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(said(frames[part]), bits[part]).backward()
            optimizer.step()
        finish()

    return timed(fit)


def growth() -> None:
    """Prints the milliseconds of a forward pass by the number of slots, and the exponent."""
    (frames, _), sizes, seconds = batches(), (128, 256, 512, 1024, 2048), []
    for slots in sizes:
        model = ours("auto", "feed_forward", slots)
        seconds.append(best_of(lambda model=model: model.predict_on_batch(frames[:BATCH])))
    exponent = np.log(seconds[-1] / seconds[0]) / np.log(sizes[-1] / sizes[0])
    shown = ", ".join(f"{size}: {second * 1e3:.0f} ms" for size, second in zip(sizes, seconds, strict=True))
    print(f"turing machine by slots: {shown}; exponent {exponent:.2f}", flush=True)


if __name__ == "__main__":
    kind, controller = sys.argv[1:]
    seconds = torch_seconds(controller) if kind == "torch" else keras_seconds(kind, controller)
    print(json.dumps({"ms": seconds * 1e3, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
