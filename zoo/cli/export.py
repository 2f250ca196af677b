"""The command `zoo export`: a trained model for other programs."""

from pathlib import Path
from typing import Any, Literal

from zoo.cli.generate import DecoderName, check_arguments
from zoo.cli.terminal import quiet_import


def export(
    folder: Path,
    out: Path,
    *,
    format: Literal["saved_model", "onnx"] = "saved_model",
    decoder: DecoderName = "beam_search",
    beam_width: int | None = None,
    n_best: int | None = None,
    length_penalty: float | None = None,
    maximum_length: int | None = None,
    length_limit: int | None = None,
    temperature: float | None = None,
) -> None:
    """Write a trained model for processes without this package.

    Args:
        folder: of the run.
        out: the folder to write; an export that it holds is replaced.
        format: saved_model (with the whole search in it), or onnx (encode and step).
        decoder: greedy, sampling or beam_search (saved_model).
        beam_width: hypotheses kept at every step (beam search).
        n_best: outputs for each input (beam search).
        length_penalty: above 0 longer outputs gain (beam search).
        maximum_length: tokens of an output, its end included.
        length_limit: the largest maximum length, which takes memory; by default 100,000.
        temperature: below 1 sharper, above 1 flatter (sampling).
    """
    with quiet_import():
        import zoo

    asked: dict[str, Any] = {
        "beam_width": beam_width,
        "n_best": n_best,
        "length_penalty": length_penalty,
        "maximum_length": maximum_length,
        "length_limit": length_limit,
        "temperature": temperature,
    }
    run = zoo.load(folder)
    asked = {name: value for name, value in asked.items() if value is not None}
    if hasattr(run.model, "step") and format == "saved_model":
        check_arguments(zoo, decoder, asked)
    elif asked:
        raise ValueError(f"--{next(iter(asked)).replace('_', '-')} is for a decoder, and this export has none.")
    print(f"Written: {zoo.export(run, out, format=format, decoder=decoder, **asked)}")
