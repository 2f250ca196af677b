import gzip
import json
import tarfile

import numpy as np
import pytest

from zoo.data.readers import nlvr, pictures
from zoo.storage.files import DataError

ROWS = [
    {"image": "a.png", "sentence": "There is  a Box.", "label": "true", "directory": "5", "identifier": "1-0"},
    {"image": "b.png", "sentence": "No box", "label": "false", "directory": "1", "identifier": "2-0"},
    {"image": "a.png", "sentence": "one box", "label": "true", "directory": "5", "identifier": "1-1"},
]


def written(folder, rows=ROWS, images=("a.png",)):
    path = folder / "dev.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    with tarfile.open(folder / "dev_images.tar", "w") as archive:
        for name in images:
            pictures.write(folder / name, np.full((2, 3, 3), 7, "uint8"))
            archive.add(folder / name, f"images/{name}")
    return path, folder / "dev_images.tar"


def test_true_sentences_with_their_pictures(tmp_path):
    path, images = written(tmp_path)
    for where in (images, tmp_path):
        found = nlvr.read(path, where)
        assert [(row["target"], row["directory"], row["image"]) for row in found] == [
            ("there is a box", "5", "a.png"),
            ("one box", "5", "a.png"),
        ]
        assert (found[0]["picture"] == 7).all() and found[0]["picture"].shape == (2, 3, 3)


def test_the_published_files_name_their_pictures_by_part(tmp_path):
    rows = [{key: row[key] for key in row if key != "image"} for row in ROWS]
    (tmp_path / "dev.json").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(DataError, match=r"expected dev_images\.tar or a folder images beside it"):
        nlvr.images_of(tmp_path / "dev.json")
    (tmp_path / "images" / "5").mkdir(parents=True)
    for name, value in (("dev-1-0-0", 1), ("dev-1-0-1", 2), ("dev-1-1-0", 3)):
        pictures.write(tmp_path / "images" / "5" / f"{name}.png", np.full((2, 3, 3), value, "uint8"))
    found = nlvr.FORMAT.read(tmp_path / "dev.json")
    assert [(row["image"], int(row["picture"].max())) for row in found] == [("dev-1-0-0.png", 1), ("dev-1-1-0.png", 3)]
    few = nlvr.read(tmp_path / "dev.json", tmp_path / "images", select=lambda statements: statements[1:])
    assert [row["image"] for row in few] == ["dev-1-1-0.png"]


def test_what_is_wrong_is_named_with_its_line(tmp_path):
    path, images = written(tmp_path, images=())
    with pytest.raises(DataError, match=r"jsonl\.gz:1: expected a picture that .*tar holds, found a\.png"):
        nlvr.read(path, images)
    images.write_bytes(b"no archive" * 100)
    with pytest.raises(DataError, match=r"dev_images\.tar: expected a whole tar"):
        nlvr.read(path, images)
    for change, message in (
        ({"label": "maybe"}, ":1: expected the label"),
        ({"sentence": " "}, ":1: expected texts"),
        ({"label": "false"}, "expected a true sentence"),
    ):
        path, images = written(tmp_path, rows=[{**ROWS[0], **change}])
        with pytest.raises(DataError, match=message):
            nlvr.read(path, images)


@pytest.mark.real_data
def test_published_files(real_data):
    folder = real_data / "nlvr_shapes"
    found = nlvr.read(folder / "dev.jsonl.gz", folder / "dev_images.tar")
    assert len(found) == 547 and {row["picture"].shape for row in found} == {(100, 400, 3)}
    assert sum(row["directory"] == "5" for row in found) == 88
