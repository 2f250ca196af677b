"""Outputs that are no text (music, drawings, images): the files that `zoo generate` writes.

A recipe of such outputs has OUTPUT_FILE, the pattern of a file's name ("song_{}.mid"), `write_output` and
`format_output`, see `zoo.experiments.recipe.Recipe`.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np

# The ending of a file's name; "v1.2" is a folder's name.
ENDING = re.compile(r"\.[A-Za-z]\w{0,4}")


def check_out(recipe: Any, out: Path | None, count: int) -> None:
    """Refuse a path that no output can be written to, before anything is generated.

    Args:
        recipe: of the run, or None.
        out: a file, a folder, or None.
        count: how many outputs there will be, at most.
    Raises:
        ValueError: the model writes no files; a file of another kind; one file for several outputs.
    """
    if out is None:
        return
    if recipe is None or recipe.OUTPUT_FILE is None:
        raise ValueError("--out is for music, drawings and images: redirect text to a file by > FILE.")
    ending = Path(recipe.OUTPUT_FILE).suffix
    if out.is_dir() or not ENDING.fullmatch(out.suffix):
        return
    if out.suffix.lower() != ending:
        raise ValueError(f"--out is a file ending in {ending}, or a folder. Received: {out}")
    if count > 1:
        raise ValueError(f"--out names one file for {count} outputs: give a folder. Received: {out}")


def write_file(recipe: Any, hypothesis: Any, out: Path, name: str, run: Any) -> tuple[Path, str]:
    """Write an output to the file `out`, or under its name into the folder `out`; return the path and a remark."""
    is_file = not out.is_dir() and out.suffix.lower() == Path(recipe.OUTPUT_FILE).suffix
    path = out if is_file else out / recipe.OUTPUT_FILE.format(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path, recipe.write_output(hypothesis, path, run)


def format_numbers(frames: np.ndarray) -> str:
    """Return frames (T, D) that no recipe explains as a table, a step a line."""
    return "\n".join(" ".join(f"{number:g}" for number in row) for row in np.asarray(frames, "float64"))
