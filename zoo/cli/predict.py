"""The command `zoo predict`: the answers of a model that maps."""

import dataclasses
import shlex
from pathlib import Path
from typing import Any

from zoo.cli.evaluate import Json
from zoo.cli.terminal import ProgressBar, import_library, read_lines, write_json_line, write_line


def predict(folder: Path, *texts: str, plot: Path | None = None, as_json: Json = False) -> None:
    """Print a trained model's answers to texts: those given, or one a line on standard input.

    Args:
        folder: of the run.
        texts: inputs; sounds and clips are given by their paths, frames of numbers by the path of a .csv file, a frame
            a line, or as JSON: [[0.1, 0.2], [0.3, 0.4]]; a story ends in its question; a tree is a sentence or
            brackets. Of standard input, blank lines are passed over.
        plot: a file to draw the answers to, where the recipe can (question_answering, tree_sentiment).
        as_json: one JSON object a line.
    """
    import_library()
    from zoo.experiments.recipe import load_recipe
    from zoo.inference.run import load

    run = load(folder)
    if run.generates:
        command = shlex.join(["zoo", "generate", str(folder), *texts])
        raise ValueError(f"{folder} holds a model that generates: use {command}")
    recipe = load_recipe(run.recipe["recipe"]) if run.recipe else None
    lines = list(texts) or read_lines()
    takes_text = {"tokens", "frames"} & set(run.vocabularies)
    inputs = lines if takes_text else [_frames(text, number) for number, text in enumerate(lines)]
    with ProgressBar() as bar:
        predictions = run.predict(inputs, on_batch=bar)
    if plot is not None:
        if recipe is None or not recipe.defines("plot_predictions"):
            raise ValueError("This model's answers cannot be drawn: omit --plot.")
        recipe.plot_predictions(predictions, plot)
    for text, prediction in zip(lines, predictions, strict=True):
        if as_json:
            write_json_line(dataclasses.asdict(prediction))
        elif recipe is not None and recipe.defines("format_prediction"):
            write_line(recipe.format_prediction(prediction))
        else:
            write_line(_format(text, prediction))


def _frames(text: str, number: int) -> Any:
    """The frames of a recording, (S, D), of JSON or of the path of a .csv file."""
    from zoo.data.readers import frames
    from zoo.storage.data_error import DataError, parse_json
    from zoo.storage.paths import typed_file

    if path := typed_file(text):
        return frames.read(path)
    try:
        return parse_json(text, f"input {number}")
    except DataError as error:
        rule = "the path of a .csv file, or JSON as [[0.1, 0.2], [0.3, 0.4]]"
        raise ValueError(f"This model reads frames: input {number} must be {rule}. Received: {text:.40}") from error


def _format(text: str, prediction: Any) -> str:
    from zoo.data.vocabularies.words import split_graphemes

    if isinstance(prediction.input, list):
        return " ".join(f"{token}/{tag}" for token, tag in zip(prediction.input, prediction.output, strict=True))
    probability = f" {prediction.probability:.3f}" if isinstance(prediction.probability, float) else ""
    return f"{prediction.output}{probability}\t{''.join(split_graphemes(text)[:100])}"
