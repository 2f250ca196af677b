"""The public verbs: their first and hundredth call, and how memory grows over 200 calls.

A call is one text of varying length. `made once` is `zoo.generate` with a decoder that the caller made, to compare.
"""

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

CALLS, HUNDREDTH = 200, 100
BACKENDS = ("tensorflow", "jax")
LETTERS = "abcdefgh"


def verbs() -> dict[str, Callable[[int], object]]:
    """By name a call, which takes its number."""
    import zoo
    from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
    from zoo.decoding import Greedy

    letters = Vocabulary.build([LETTERS], level="character")
    pair = {"source": letters, "target": letters}
    sizes = {"source_vocabulary_size": len(letters), "target_vocabulary_size": len(letters)}
    translator = zoo.build("encoder_decoder", **sizes, units=64, embedding_size=32)
    classifier = zoo.build("many_to_one", vocabulary_size=len(letters), outputs=3, units=32, embedding_size=16)
    known = {"tokens": letters, "labels": Labels(["x", "y", "z"])}
    decoder = Greedy(translator, maximum_length=20)
    folder = Path(tempfile.mkdtemp()) / "run"
    zoo.save(folder, classifier, vocabularies=known)
    search = {"decoder": "beam_search", "beam_width": 4, "maximum_length": 20}
    return {
        "predict": lambda n: zoo.predict(classifier, [text(n)], vocabularies=known),
        "generate, greedy": lambda n: zoo.generate(translator, [text(n)], vocabularies=pair, maximum_length=20),
        "generate, beam 4": lambda n: zoo.generate(translator, [text(n)], vocabularies=pair, **search),
        "generate, made once": lambda n: zoo.generate(translator, [text(n)], vocabularies=pair, decoder=decoder),
        "score": lambda n: zoo.score(translator, [{"source": text(n), "target": text(n + 1)}], vocabularies=pair),
        "load": lambda n: zoo.load(folder),
    }


def text(number: int) -> str:
    return (LETTERS * 3)[: 1 + number % 20]


def measure(name: str) -> Iterator[tuple[str, float]]:
    """Yield the seconds of the first and of the hundredth call, and the megabytes that all calls leave."""
    call = verbs()[name]
    seconds = []
    for number in range(CALLS):
        start = time.perf_counter()
        call(number)
        seconds.append(time.perf_counter() - start)
        if number + 1 == CALLS // 10:  # what every process keeps once is there by now
            gc.collect()
            before = megabytes()
    gc.collect()
    yield "first", seconds[0]
    yield "hundredth", sorted(seconds[HUNDREDTH - 5 : HUNDREDTH + 5])[5]  # of ten neighbours the median
    yield "growth", megabytes() - before


def megabytes() -> float:
    """Return the resident memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def table() -> None:
    """Print a line for every verb and backend, each measured in a process of its own."""
    from benchmarks.__main__ import measure as run

    print(f"{'verb':<22}{'backend':<12}{'first ms':>10}{'100th ms':>10}{'MB over 180 calls':>19}")
    for name in ("predict", "generate, greedy", "generate, beam 4", "generate, made once", "score", "load"):
        for backend in BACKENDS:
            result = run(["-m", "benchmarks.verbs", name], {"KERAS_BACKEND": backend})
            print(
                f"{name:<22}{backend:<12}{result['first'] * 1e3:>10.0f}{result['hundredth'] * 1e3:>10.1f}"
                f"{result['growth']:>19.1f}",
                flush=True,
            )


if __name__ == "__main__":
    print(json.dumps(dict(measure(sys.argv[1]))))
