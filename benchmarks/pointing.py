"""How the cost of pointing grows with the positions: a fixed number of steps over ever larger sets of points.

A step compares its query with every position once, so it should be linear in them; a whole tour of S points is S steps.
"""

import numpy as np

from benchmarks.beam_search import best_of

BATCH, STEPS, SIZES = 32, 20, (50, 100, 200, 400, 800)


def growth() -> None:
    """Prints the milliseconds of a greedy and of a beam search step by the number of positions, and the exponents."""
    import zoo
    from zoo.decoding import BeamSearch, Greedy

    model = zoo.build("pointer_network", source_features=2, units=128, visits="all")
    for decoder in (Greedy(model, maximum_length=STEPS), BeamSearch(model, maximum_length=STEPS, beam_width=5)):
        shown, seconds = [], []
        for size in SIZES:
            points = np.random.default_rng(0).random((BATCH, size, 2), "float32")
            inputs = {
                "source": points,
                "source_lengths": np.full(BATCH, size, "int32"),
                "target": np.full((BATCH, 1), 2, "int32"),
            }
            # Reading the points is linear by itself: what is left is the steps.
            context = best_of(lambda inputs=inputs: model.encode(inputs))
            whole = best_of(lambda inputs=inputs, decoder=decoder: decoder.predict_on_batch(inputs))
            seconds.append(max(whole - context, 1e-6) / STEPS)
            shown.append(f"{size}: {seconds[-1] * 1e3:.2f} ms")
        exponent = np.log(seconds[-1] / seconds[0]) / np.log(SIZES[-1] / SIZES[0])
        print(f"{type(decoder).__name__} step by positions: {', '.join(shown)}; exponent {exponent:.2f}", flush=True)
