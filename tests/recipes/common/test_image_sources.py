import json

import numpy as np
import pytest

from zoo.data.featurizers.images import ImageResizer, VideoFrames
from zoo.data.readers import pictures
from zoo.recipes.common import image_sources
from zoo.storage.files import DataError


def folder(path, count=11):
    for number in range(count):
        pictures.write(path / f"{number}.png", np.full((2, 2, 3), number, "uint8"))
    return path


@pytest.mark.parametrize("name", ["captions.tsv", "captions.csv", "captions.jsonl"])
def test_a_folder_with_its_table(name, tmp_path):
    folder(tmp_path)
    rows = [(f"{number}.png", f"number {number}") for number in range(11)]
    rows.insert(1, ("0.png", "nothing  at all"))
    between = "\t" if name.endswith("tsv") else ","
    lines = ["file" + between + "caption", *(between.join(row) for row in rows)]
    if name.endswith("jsonl"):
        lines = [json.dumps({"file": file, "caption": caption}) for file, caption in rows]
    (tmp_path / name).write_text("\n".join(lines) + "\n")
    for path in (tmp_path, tmp_path / name):
        found = image_sources.captioned(path, ImageResizer(2, 2), column="picture")
        assert {split: len(part) for split, part in found.items()} == {"train": 8, "validation": 1, "test": 3}
        first, second, last = found["test"]
        assert [one["target"] for one in (first, second, last)] == ["number 0", "nothing at all", "number 10"]
        assert first["captions"] == second["captions"] == ["number 0", "nothing at all"]
        assert (last["picture"] == 10).all() and last["picture"].dtype == "uint8"
    once = image_sources.unique(found["test"], lambda example: example["file"])
    assert [one["target"] for one in once] == ["number 0", "number 10"]


def test_clips_are_folders_or_films(tmp_path):
    for number in range(3):
        (tmp_path / f"clip{number}").mkdir()
        folder(tmp_path / f"clip{number}", number + 1)
    table = "file\tcaption\n" + "".join(f"clip{number}\t{number + 1} frames\n" for number in range(3))
    (tmp_path / "captions.tsv").write_text(table)
    found = image_sources.captioned(tmp_path, VideoFrames(2, 2), column="source")
    assert [part[0]["source"].shape[0] for part in found.values()] == [3, 2, 1]


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(
        DataError, match=r"JSON lines with file and caption .*; a table with the columns file and caption"
    ):
        image_sources.captioned(tmp_path, ImageResizer(2, 2), column="picture")
    (tmp_path / "captions.tsv").write_text("file\tcaption\n0.png\tnone\n")
    with pytest.raises(
        DataError, match=r"captions\.tsv: expected names of files that stand below .*, found .0\.png. in row"
    ):
        image_sources.captioned(tmp_path, ImageResizer(2, 2), column="picture")
    (tmp_path / "notes.md").write_text("none")
    with pytest.raises(DataError, match="a table with the columns file and caption"):
        image_sources.captioned(tmp_path / "notes.md", ImageResizer(2, 2), column="picture")
