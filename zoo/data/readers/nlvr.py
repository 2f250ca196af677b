"""NLVR: true and false statements about small pictures of coloured shapes, read as captions (the true ones)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.containers import tar_members
from zoo.data.files import DataError
from zoo.data.readers import jsonl, pictures


def read(path: str | os.PathLike, images: str | os.PathLike) -> list[dict[str, Any]]:
    """Reads the true sentences of a part with their pictures.

    Args:
        path: JSON lines with `image`, `sentence`, `label` (true or false), `directory` and `identifier`; plain or .gz.
        images: a tar archive, or a folder, that holds the pictures by their names, in folders or not.
    Returns:
        List of {"picture": (H, W, 3) uint8, "target": the sentence in lower case, one blank between its words and no
        full stop, "directory": str, "image": its file's name}.
    Raises:
        DataError: a line that is not such an object, a picture that is missing or damaged, or no true sentence.
    """
    found: list[tuple[int, dict[str, Any]]] = []
    for line, value in jsonl.objects(path, "utf-8"):
        row: dict[str, Any] = {name: value.get(name) for name in ("image", "sentence", "label", "directory")}
        if not all(isinstance(one, str) and one.strip() for one in row.values()):
            raise DataError(path, line, "texts under image, sentence, label and directory", f"{row!s:.80}")
        if row["label"] not in ("true", "false"):
            raise DataError(path, line, "the label true or false", f"{row['label']!r}")
        if row["label"] == "true":
            found.append((line, row))
    if not found:
        raise DataError(path, None, "a true sentence", "none")
    seen = dict(_pictures(Path(images), {row["image"] for _, row in found}))
    for line, row in found:
        if row["image"] not in seen:
            raise DataError(path, line, f"a picture that {os.fspath(images)} holds", row["image"])
    return [
        {
            "picture": seen[row["image"]],
            "target": " ".join(row["sentence"].lower().rstrip(" .").split()),
            "directory": row["directory"],
            "image": row["image"],
        }
        for _, row in found
    ]


def _pictures(images: Path, wanted: set[str]) -> Iterator[tuple[str, np.ndarray]]:
    if images.is_dir():
        for file in sorted(images.rglob("*")):
            if file.name in wanted and file.is_file():
                yield file.name, pictures.read(file)[0]
        return
    for member, content in tar_members(
        images, lambda member: Path(member).name in wanted, expected="a whole tar archive (fetch it again)"
    ):
        if content is not None:
            name = Path(member).name
            yield name, pictures.read(images / name, content=content)[0]
