"""NLVR: true and false statements about small pictures of coloured shapes, read as captions (the true ones)."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.readers import jsonl, pictures
from zoo.data.readers.formats import Format
from zoo.storage.containers import tar_members
from zoo.storage.files import DataError

# The published files name no picture: there are six of each statement, in which the boxes have another order.
ORDER = 0
KEYS = ("sentence", "label", "directory")


def read(
    path: str | os.PathLike,
    images: str | os.PathLike,
    *,
    select: Callable[[Sequence[Any]], Sequence[Any]] = lambda rows: rows,
) -> list[dict[str, Any]]:
    """Reads the true sentences of a part with their pictures.

    Args:
        path: JSON lines with `sentence`, `label` (true or false), `directory` and `identifier`, and maybe `image`;
            plain or .gz. Without `image` a picture is named PART-IDENTIFIER-0.png by the name of the file, PART.json.
        images: a tar archive, or a folder, that holds the pictures by their names, in folders or not.
        select: chooses those of the true sentences whose pictures are read.
    Returns:
        List of {"picture": (H, W, 3) uint8, "target": the sentence in lower case, one blank between its words and no
        full stop, "directory": str, "image": its file's name}.
    Raises:
        DataError: a line that is not such an object, a picture that is missing or damaged, or no true sentence.
    """
    statements: list[tuple[int, dict[str, Any]]] = []
    for line, value in jsonl.objects(path, "utf-8"):
        image = value.get("image", f"{Path(path).name.partition('.')[0]}-{value.get('identifier')}-{ORDER}.png")
        row: dict[str, Any] = {"image": image} | {name: value.get(name) for name in KEYS}
        if not all(isinstance(one, str) and one.strip() for one in row.values()):
            raise DataError(path, line, "texts under image, sentence, label and directory", f"{row!s:.80}")
        if row["label"] not in ("true", "false"):
            raise DataError(path, line, "the label true or false", f"{row['label']!r}")
        if row["label"] == "true":
            statements.append((line, row))
    if not statements:
        raise DataError(path, None, "a true sentence", "none")
    statements = list(select(statements))
    images_by_name = dict(_pictures(Path(images), {row["image"] for _, row in statements}))
    for line, row in statements:
        if row["image"] not in images_by_name:
            raise DataError(path, line, f"a picture that {os.fspath(images)} holds", row["image"])
    return [
        {
            "picture": images_by_name[row["image"]],
            "target": " ".join(row["sentence"].lower().rstrip(" .").split()),
            "directory": row["directory"],
            "image": row["image"],
        }
        for _, row in statements
    ]


def _pictures(images: Path, names: set[str]) -> Iterator[tuple[str, np.ndarray]]:
    if images.is_dir():
        for file in sorted(images.rglob("*")):
            if file.name in names and file.is_file():
                yield file.name, pictures.read(file)[0]
        return
    for member, content in tar_members(
        images, lambda member: Path(member).name in names, expected="a whole tar archive (fetch it again)"
    ):
        if content is not None:
            name = Path(member).name
            yield name, pictures.read(images / name, content=content)[0]


def images_of(path: str | os.PathLike) -> Path:
    """Return where the pictures of PART.json are published: beside it, in the folder images or in PART_images.tar.

    Raises:
        DataError: neither.
    """
    path = Path(path)
    archive = path.with_name(f"{path.name.partition('.')[0]}_images.tar")
    for images in (archive, path.with_name("images")):
        if images.exists():
            return images
    raise DataError(path, None, f"{archive.name} or a folder images beside it", "neither")


FORMAT = Format(
    "JSON lines with sentence, label and directory (NLVR)",
    lambda head: jsonl.lacks_keys(head, *KEYS),
    lambda path: read(path, images_of(path)),
)
