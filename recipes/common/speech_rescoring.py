"""Rescores transcripts by a language model of transcripts: likelier strings win where sounds are unclear.

    zoo train speech --task ctc --data free_spoken_digits --out runs/recognizer
    zoo train speech --task text --grammar counting --out runs/written
    python -m zoo.recipes.common.speech_rescoring runs/recognizer runs/written --grammar counting --nbest nbest.txt
    zoo score runs/written --nbest nbest.txt --weight 0.5          (the same, by hand)

The recogniser was trained on any strings, the language model on transcripts of a grammar alone, and strings of that
grammar are recognised. How much the language model counts is chosen on validation.
"""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

import zoo
from zoo.data.splits import Splits
from zoo.decoding import ctc
from zoo.experiments.assembly import load_splits
from zoo.experiments.recipe import load_recipe
from zoo.recipes.common import mapping_metrics
from zoo.recipes.common.speech_answers import errors_of, maximum_length_of, task_of
from zoo.storage.files import replace_file

WEIGHTS, BONUSES = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5), (0.0, 0.5, 1.0, 2.0)
Lists = list[list[tuple[str, float]]]


def rescore(
    recogniser_folder: Path,
    language_model_folder: Path,
    *,
    grammar: str = "counting",
    count: int = 16,
    nbest: Path | None = None,
) -> dict[str, float]:
    """Ranks the n-best lists of a recogniser's test strings anew, and prints errors before and after.

    Args:
        recogniser_folder: of a run of the recipe speech, task ctc or spell.
        language_model_folder: of a run of the same recipe, task text, with the same output.
        grammar: of the strings, any or counting.
        count: outputs in a list.
        nbest: a file for the lists of the test strings, as `zoo score --nbest` takes them.
    Returns:
        Weight and bonus, and errors of the first outputs before and after, and the least that any ranking could reach.
    """
    recogniser, language_model = zoo.load(recogniser_folder), zoo.load(language_model_folder)
    arguments = recogniser.recipe["arguments"] | {"grammar": grammar}
    recipe, seed = load_recipe("speech"), recogniser.recipe["seed"]
    splits = load_splits(recipe, arguments, seed=seed, vocabularies=recogniser.vocabularies)
    lists = {split: n_best(recogniser.model, splits, split, count) for split in ("validation", "test")}
    texts = {split: _texts(splits, split) for split in lists}
    ((name, metric),) = list(errors_of(texts["test"]).items())[:1]
    weight, bonus = choose(language_model, lists["validation"], texts["validation"], metric)
    ranked = zoo.rescore(language_model, lists["test"], weight=weight, length_bonus=bonus)
    metrics = {
        "weight": weight,
        "length_bonus": bonus,
        name: metric(firsts(lists["test"]), texts["test"]),
        f"rescored_{name}": metric(firsts(ranked), texts["test"]),
        f"least_{name}": metric(_nearest(lists["test"], texts["test"], metric), texts["test"]),
    }
    if nbest is not None:
        write(lists["test"], nbest)
    print(", ".join(f"{key} {value:.4f}" for key, value in metrics.items()))
    return metrics


def n_best(model: Any, splits: Splits, split: str, count: int) -> Lists:
    """For each string of a split the likeliest outputs with their log-probabilities, best first."""
    if task_of(splits) == "ctc":
        outputs, _ = mapping_metrics.gather(model, splits[split])
        return ctc.transcripts(outputs, splits.vocabularies["labels"], beam_width=2 * count, n_best=count)
    if task_of(splits) != "spell":
        raise ValueError(f"Lists come from what transcribes or spells. Received: a run of the task {task_of(splits)}")
    inputs = [{"source": one["source"]} for one in splits.raw[split]]
    options: dict[str, Any] = {"decoder": "beam_search", "beam_width": count, "n_best": count}
    hypotheses = zoo.generate(
        model, inputs, vocabularies=splits.vocabularies, maximum_length=maximum_length_of(splits), **options
    )
    return [[(one.text or "", one.log_probability) for one in outputs] for outputs in hypotheses]


def choose(language_model: Any, lists: Lists, texts: Sequence[str], metric) -> tuple[float, float]:
    """The weight and the bonus of the fewest errors; of equals the least weight."""
    distinct = sorted({text for outputs in lists for text, _ in outputs})
    scores = dict(zip(distinct, zoo.score(language_model, distinct), strict=True))

    def error(weight, bonus):
        chosen = []
        for outputs in lists:
            gains = [old + weight * scores[text].log_probability + bonus * scores[text].tokens for text, old in outputs]
            chosen.append(outputs[int(np.argmax(gains))][0])
        return metric(chosen, texts)

    return min(product(WEIGHTS, BONUSES), key=lambda pair: (error(*pair), pair))


def firsts(lists: Lists) -> list[str]:
    """The best of each list."""
    return [outputs[0][0] if outputs else "" for outputs in lists]


def write(lists: Lists, path: Path) -> None:
    """Writes lists as lines `NUMBER ||| TEXT ||| SCORE`."""
    with replace_file(path) as temporary:
        lines = (f"{n} ||| {text} ||| {score:.6f}\n" for n, outputs in enumerate(lists) for text, score in outputs)
        temporary.write_text("".join(lines), encoding="utf-8")


def _texts(splits, split) -> list[str]:
    return [one["target"] if isinstance(one, dict) else one[1] for one in splits.raw[split]]


def _nearest(lists, texts, metric) -> list[str]:
    """Of each list the output with the fewest errors: the oracle of a ranking."""
    nearest = []
    for outputs, text in zip(lists, texts, strict=True):
        errors = [metric([output], [text]) for output, _ in outputs]
        nearest.append(outputs[int(np.argmin(errors))][0] if outputs else "")
    return nearest


if __name__ == "__main__":
    import cyclopts

    cyclopts.run(rescore, result_action="return_value")
