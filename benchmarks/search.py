"""What a search costs over its trials: seconds and memory beside the bare `fit` of the same models in one process.

Learned: a worker process grows by about 50 MB with every model that TensorFlow has traced in it, and starting one costs
its import of the backend; renewed after ten trials, a trial bears a tenth of that, and memory is a saw of ten teeth.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

TRIALS, SMALL = 50, {"quick": True, "epochs": 1, "examples": 600}


def space(hp):
    return {"units": hp.Int("units", 16, 256, step=2), "cell": hp.Choice("cell", ["lstm", "gru"])}


def overhead() -> None:
    """Prints seconds a trial of a search and of bare fits of the same models, and the memory of the workers."""
    import zoo
    from zoo.recipes import reverse

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = zoo.tune(reverse, out=folder, space=space, trials=TRIALS, verbose=0, **SMALL)
        events = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
        ended = [event for event in events if event["event"] == "ended"]
        memory = [event["result"]["memory"] / 2**20 for event in ended]
        bare = bare_seconds([trial.values for trial in found.trials])
    searched = events[-1]["seconds"] / TRIALS
    print(f"search: {TRIALS} trials, {searched:.2f} s a trial; bare fits of the same models {bare:.2f} s", flush=True)
    print(f"search: overhead {searched - bare:.2f} s a trial", flush=True)
    rounds = [memory[start : start + 10] for start in range(0, TRIALS, 10)]
    shown = ", ".join(f"{min(one):.0f} to {max(one):.0f}" for one in rounds)
    print(f"search: MB of a worker by ten trials: {shown}", flush=True)


def bare_seconds(values) -> float:
    """Seconds a model, built and fitted one after the other in this process."""
    import keras

    from zoo.experiments.assembly import load_splits, make_model, resolve_arguments
    from zoo.experiments.recipe import load_recipe

    recipe = load_recipe("reverse")
    begun = time.perf_counter()
    for each in values:
        keras.backend.clear_session()
        given = {"examples": SMALL["examples"], **each}
        arguments = resolve_arguments(recipe, given, quick=True)
        splits = load_splits(recipe, arguments, seed=0)
        model = make_model(recipe, splits, arguments, epochs=1)
        model.fit(
            splits.train,
            validation_data=splits.validation,
            shuffle=False,
            callbacks=recipe.callbacks(model, splits),
            verbose=0,
        )
    return (time.perf_counter() - begun) / len(values)


if __name__ == "__main__":
    sys.exit(overhead())
