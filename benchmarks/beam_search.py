"""Beam search, one batch of 32 sentences: zoo's BeamSearch against the same search in torch and a `predict` a step.

Width 5, 30 steps, 8000 tokens, the model of the attention benchmark with weights that are drawn: no end before step 30.
`python -m benchmarks growth` sweeps length, width and vocabulary.
"""

import json
import resource
import sys
import time

import numpy as np

from benchmarks import attention
from benchmarks.peer import finish, moved, torch_here

BATCH, WIDTH, LENGTH, SOURCE = attention.BATCH, 5, 30, 30
LOWEST = -1e30


def pairs():
    torch = ("torch, step by step", ["-m", "benchmarks.beam_search", "torch"], {})
    for backend in ("tensorflow", "jax"):
        ours = (backend, ["-m", "benchmarks.beam_search", "ours"], {"KERAS_BACKEND": backend})
        yield "width 5, 30 steps", ours, torch, None
        usual = ("a predict a step", ["-m", "benchmarks.beam_search", "predict"], {"KERAS_BACKEND": backend})
        yield "width 5, 30 steps", ours, usual, None


def sources():
    return np.random.default_rng(0).integers(4, 1000, (BATCH, SOURCE)).astype("int32")


def build(vocabulary):
    import zoo

    return zoo.build(
        "encoder_decoder",
        source_vocabulary_size=vocabulary,
        target_vocabulary_size=vocabulary,
        attention="additive",
        attention_style="bahdanau",
        units=attention.UNITS,
        embedding_size=attention.UNITS,
    )


def ours_seconds(length=LENGTH, width=WIDTH, vocabulary=attention.VOCABULARY):
    from zoo.decoding import BeamSearch

    search = BeamSearch(build(vocabulary), beam_width=width, maximum_length=length, minimum_length=length - 1)
    inputs = {"source": sources(), "target": np.full((BATCH, 1), 2, "int32")}
    return best_of(lambda: search.predict_on_batch(inputs))


def predict_seconds():
    """One `predict` a step over a model of one step, the beams kept in NumPy."""
    import keras

    from zoo.decoding.one_step import Step

    model = build(attention.VOCABULARY)
    rows = np.arange(BATCH)[:, None]

    step = Step(model)

    def search():
        inputs = {"source": np.repeat(sources(), WIDTH, 0), "target": np.full((BATCH * WIDTH, 1), 2, "int32")}
        context = model.encode(inputs)
        known = {"context": context, "state": model.start(context, LENGTH)}
        known = keras.tree.map_structure(np.asarray, known)
        token = np.full((BATCH * WIDTH,), 2, "int32")
        total = np.where(np.arange(WIDTH) > 0, LOWEST, np.zeros((BATCH, 1)))
        for _ in range(LENGTH):
            found = step.predict({"token": token, **known}, batch_size=BATCH * WIDTH, verbose=0)
            scores = found["scores"] - found["scores"].max(-1, keepdims=True)
            log_probs = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
            log_probs[:, [0, 2, 3]] = LOWEST
            everything = (total[..., None] + log_probs.reshape(BATCH, WIDTH, -1)).reshape(BATCH, -1)
            best = np.argpartition(-everything, WIDTH, axis=1)[:, :WIDTH]
            total, parent = everything[rows, best], best // log_probs.shape[1]
            order = (rows * WIDTH + parent).ravel()
            known["state"] = keras.tree.map_structure(lambda tensor, order=order: tensor[order], found["state"])
            token = (best % log_probs.shape[1]).ravel().astype("int32")

    return best_of(search)


def torch_seconds():
    torch = torch_here()
    model = attention.torch_model()
    source = moved(sources())
    rows = torch.arange(BATCH)[:, None]

    @torch.no_grad()
    def search():
        memory, keys, state = (
            tensor.repeat_interleave(WIDTH, 0)
            if torch.is_tensor(tensor)
            else [s.repeat_interleave(WIDTH, 0) for s in tensor]
            for tensor in model.encode(source)
        )
        token = torch.full((BATCH * WIDTH,), 2)
        total = torch.where(torch.arange(WIDTH) > 0, LOWEST, torch.zeros(BATCH, 1))
        tokens, parents = [], []
        for _ in range(LENGTH):
            state, context = model.step(model.target(token), state, memory, keys)
            log_probs = torch.log_softmax(model.say(state[0], context), -1)
            log_probs[:, [0, 2, 3]] = LOWEST
            size = log_probs.shape[-1]
            total, best = (total[..., None] + log_probs.view(BATCH, WIDTH, -1)).view(BATCH, -1).topk(WIDTH)
            parents.append(best // size)
            tokens.append(best % size)
            order = (rows * WIDTH + parents[-1]).flatten()
            state, token = [tensor[order] for tensor in state], tokens[-1].flatten()
        beam = torch.zeros(BATCH, 1, dtype=torch.long)
        for said, parent in zip(reversed(tokens), reversed(parents), strict=True):
            said.gather(1, beam)
            beam = parent.gather(1, beam)
        finish()

    return best_of(search)


def best_of(search, rounds=5) -> float:
    """Seconds of one search: the best of a few, after one to warm up."""
    search()
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        search()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


def growth() -> None:
    """How the seconds grow with each size; the exponent is the slope between the smallest and the largest."""
    for name, sizes in (("length", (15, 30, 60)), ("width", (2, 5, 10)), ("vocabulary", (2000, 8000, 32000))):
        seconds = [ours_seconds(**{name: size}) for size in sizes]
        exponent = np.log(seconds[-1] / seconds[0]) / np.log(sizes[-1] / sizes[0])
        shown = ", ".join(f"{size}: {second * 1e3:.0f} ms" for size, second in zip(sizes, seconds, strict=True))
        print(f"beam search by {name}: {shown}; exponent {exponent:.2f}", flush=True)


if __name__ == "__main__":
    seconds = {"ours": ours_seconds, "predict": predict_seconds, "torch": torch_seconds}[sys.argv[1]]()
    print(json.dumps({"ms": seconds * 1e3, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
