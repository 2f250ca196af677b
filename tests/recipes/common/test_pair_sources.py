import gzip
import json

import pytest

from zoo.data.readers.formats import Format
from zoo.recipes.common import pair_sources
from zoo.storage.files import DataError

ROWS = [{"source": f"text {number}", "target": f"Text {number}"} for number in range(20)]
SPLIT = {"train": [n for n in range(20) if n % 10 > 1], "validation": [1, 11], "test": [0, 10]}
BY_INDEX = {name: [ROWS[n] for n in numbers] for name, numbers in SPLIT.items()}


def pairs(data, **changed):
    return pair_sources.pairs(str(data), **{"synthetic": lambda: ROWS, "languages": ("en", "de"), **changed})


def write(folder, name, rows, languages=("en", "de")):
    for language, key in zip(languages, ("source", "target"), strict=True):
        (folder / f"{name}.{language}").write_text("".join(row[key] + "\n" for row in rows))


def test_generated_pairs_are_split_by_position():
    assert pairs("synthetic") == BY_INDEX


def test_tables_and_json_lines(tmp_path):
    (tmp_path / "a.tsv").write_text("source\ttarget\n" + "".join(f"{r['source']}\t{r['target']}\n" for r in ROWS))
    with gzip.open(tmp_path / "a.csv.gz", "wt") as file:
        file.write("target,source\n" + "".join(f"{row['target']},{row['source']}\n" for row in ROWS))
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    for name in ("a.tsv", "a.csv.gz", "a.jsonl"):
        assert pairs(tmp_path / name) == BY_INDEX


def test_the_formats_of_a_task_come_first(tmp_path):
    (tmp_path / "a.tsv").write_text("source\ttarget\n")
    rows = Format("rows", lambda head: "", lambda path: ROWS)
    split = lambda examples: {"test": list(examples)}  # noqa: E731
    for path in (tmp_path, tmp_path / "a.tsv"):
        assert pairs(path, formats=[rows], split=split) == {"test": ROWS}


def test_tfds_names_its_features(stored):
    stored["ted"] = {"train": [{"en": row["target"], "pt": row["source"]} for row in ROWS]}
    assert pairs("tfds:ted", tfds=(("pt", "en"),)) == BY_INDEX
    with pytest.raises(ValueError, match="features source and target. Received: tfds:ted, which has en, pt"):
        pairs("tfds:ted")


def test_folders_of_parallel_files(tmp_path):
    write(tmp_path, "train", ROWS)
    assert pairs(tmp_path) == BY_INDEX
    write(tmp_path, "test_2016", ROWS[:2])
    parts = pairs(tmp_path)
    assert parts["test"] == ROWS[:2]
    assert parts["validation"] == BY_INDEX["validation"]
    assert len(parts["train"]) == 18
    write(tmp_path, "dev", ROWS[5:6])
    assert pairs(tmp_path) == {"train": ROWS, "validation": ROWS[5:6], "test": ROWS[:2]}
    for language in ("en", "de"):
        path = tmp_path / f"dev.{language}"
        (tmp_path / f"valid.{language}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert pairs(tmp_path)["validation"] == ROWS[5:6]
    # The other way round.
    turned = pairs(tmp_path, languages=("de", "en"))
    assert turned["test"][0] == {"source": ROWS[0]["target"], "target": ROWS[0]["source"]}


def test_several_files_for_a_split_are_told_apart_by_name(tmp_path):
    for name, rows in (("train", ROWS), ("test_2016", ROWS[:2]), ("test_2017", ROWS[2:4])):
        write(tmp_path, name, rows)
    assert pairs(tmp_path)["test"] == ROWS[:2]  # that of 2016 is the one of the literature
    parts = pair_sources.parallel_folder(tmp_path, ("en", "de"), test_set="2017")
    assert parts["test"] == ROWS[2:4]
    with pytest.raises(ValueError, match=r"holds the test sets test_2016, test_2017\. Received: '2018'"):
        pairs(tmp_path, test_set="2018")
    write(tmp_path, "train_more", ROWS)
    with pytest.raises(ValueError, match=r"train, train_more in .*, all for train\. Move the others to another folder"):
        pairs(tmp_path)


def test_folders_that_lack_something(tmp_path):
    with pytest.raises(DataError, match=r"parallel files, train\.en, train\.de \.\.\.; JSON lines .*, found nothing"):
        pairs(tmp_path)
    write(tmp_path, "train", ROWS)
    write(tmp_path, "val", ROWS)
    with pytest.raises(FileNotFoundError, match=r"holds test\.en and test\.de.*with train\.de, train\.en, val\.de"):
        pairs(tmp_path)
    (tmp_path / "val.de").unlink()
    with pytest.raises(DataError, match=r"expected val\.de, plain or \.gz, found val\.en"):
        pairs(tmp_path)
    (tmp_path / "val.de").write_text("one line\n")
    with pytest.raises(DataError, match=r"val\.de:2: expected as many lines as in .*val\.en"):
        pairs(tmp_path)


def test_what_are_no_data(tmp_path):
    with pytest.raises(FileNotFoundError, match="No such file or folder: nowhere"):
        pairs("nowhere")
    (tmp_path / "a.docx").write_text("x")
    with pytest.raises(DataError, match=r"a\.docx: expected one of the formats: .*line 1 has no tab\), found 'x'"):
        pairs(tmp_path / "a.docx", languages=("pt", "en"))
    (tmp_path / "a.tsv").write_text("text\tlabel\nx\ty\n")
    with pytest.raises(DataError, match="its header has no column 'source'.*a .tsv or .csv file has a header"):
        pairs(tmp_path / "a.tsv")
