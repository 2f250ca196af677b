"""Outputs that are no text (music, drawings, pictures): where `zoo generate` writes them, and how it shows them.

A recipe of such outputs has OUTPUT_FILE, the pattern of a file's name ("song_{}.mid"); `write_output(hypothesis, path,
run)`, which returns a remark about the file; and `format_output(hypothesis, run)`, the output for a person to read.
"""

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

# What stands at the end of a name of a file; "v1.2" is a folder's.
ENDING = re.compile(r"\.[A-Za-z]\w{0,4}")


def check_out(recipe: ModuleType | None, out: Path | None, count: int) -> None:
    """Refuse a path that no output can be written to, before anything is generated.

    Args:
        recipe: of the run, if there is one.
        out: a file, a folder, or None.
        count: how many outputs there will be, at most.
    Raises:
        ValueError: the model writes none; a file of another kind; one file for several outputs.
    """
    if out is None:
        return
    if not writes_files(recipe):
        raise ValueError("--out is for music, drawings and pictures: send to a file by > FILE what this model writes.")
    ending = Path(recipe.OUTPUT_FILE).suffix  # type: ignore[union-attr]
    if out.is_dir() or not ENDING.fullmatch(out.suffix):
        return
    if out.suffix.lower() != ending:
        raise ValueError(f"--out is a file ending in {ending}, or a folder. Received: {out}")
    if count > 1:
        raise ValueError(f"--out names one file for {count} outputs: give a folder. Received: {out}")


def writes_files(recipe: Any) -> bool:
    """Whether the outputs of a recipe are files rather than text."""
    return hasattr(recipe, "OUTPUT_FILE")


def write_file(recipe: Any, hypothesis: Any, out: Path, name: str, run: Any) -> tuple[Path, str]:
    """Write an output to the file `out`, or under its name into the folder `out`; return the path and a remark."""
    is_file = not out.is_dir() and out.suffix.lower() == Path(recipe.OUTPUT_FILE).suffix
    path = out if is_file else out / recipe.OUTPUT_FILE.format(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path, recipe.write_output(hypothesis, path, run)


def format_numbers(frames: np.ndarray) -> str:
    """Return frames (T, D) that no recipe explains as a table, a step a line."""
    return "\n".join(" ".join(f"{number:g}" for number in row) for row in np.asarray(frames, "float64"))
