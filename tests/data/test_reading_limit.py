"""What a quick training reads of a person's data: how much, which examples, and what it says of it."""

import importlib
import inspect
import json
import re

import pytest

from tests.recipes import published
from zoo.data.reading_limit import (
    first_part,
    first_part_of_splits,
    limited_reading,
    sample,
    sample_splits,
    split_counts,
)
from zoo.experiments.assembly import load_splits, resolve_arguments
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import load_recipe
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import language_model
from zoo.recipes.common import tfds_sources

OWN = {"data": "mine.tsv"}


def limit(count, **arguments):
    return limited_reading({**OWN, "examples": count, **arguments}, quick=True)


@pytest.mark.parametrize("quick", [False, True])
def test_without_a_bound_all_is_read(quick, capsys):
    data = {"data": "synthetic"} if quick else OWN
    with limited_reading({**data, "examples": 2}, quick=quick) as bound:
        assert sample([1, 2, 3]) == [1, 2, 3]
        assert sample_splits({"train": [1, 2, 3]}) == {"train": [1, 2, 3]}
        assert first_part("abc", "characters") == "abc"
        assert first_part_of_splits({"train": ["abc"]}) == {"train": ["abc"]}
    assert bound is None
    assert capsys.readouterr().err == ""


def test_a_sample_keeps_its_order_and_is_the_same_every_time():
    samples = []
    for _ in range(2):
        with limit(10):
            samples.append(sample(range(1000)))
    assert samples[0] == samples[1] == sorted(samples[0])
    assert len(set(samples[0])) == 10
    assert samples[0][-1] > 500  # from all over


def test_every_label_is_in_a_sample():
    rows = [("a", "common")] * 5000 + [("b", "rare")] * 4 + [("c", "single")]
    with limit(20):
        labels = [label for _, label in sample(rows, lambda row: [row[1]])]
    assert len(labels) == 20
    assert labels.count("rare") >= 3 and labels.count("single") == 1
    # Of tags the same: an example may have several.
    sentences = [["O", "O"]] * 500 + [["O", "B-LOC"], ["B-PER"]]
    with limit(5):
        assert {tag for tags in sample(sentences, lambda tags: tags) for tag in tags} == {"O", "B-LOC", "B-PER"}
    with limit(3):
        assert len(sample([(number,) for number in range(100)], lambda row: row)) == 3


def test_official_splits_have_their_shares():
    many = dict.fromkeys(["validation", "train", "test"], 1000)
    assert split_counts(100, many) == {"train": 80, "validation": 10, "test": 10}
    assert split_counts(100, {"train": 1000, "test": 5}) == {"train": 90, "test": 10}
    assert split_counts(100, {"validation": 99, "test": 2}) == {"validation": 90, "test": 10}
    assert split_counts(1, {"train": 9, "test": 9}) == {"train": 1, "test": 1}
    # What is no more than is generated is read whole, however it is split.
    assert split_counts(100, {"train": 40, "test": 60}) == {"train": 40, "test": 60}
    assert split_counts(100, {}) == {}
    with limit(20) as bound:
        parts = sample_splits({"train": range(100), "validation": range(50), "test": range(1)})
    assert {name: len(part) for name, part in parts.items()} == {"train": 16, "validation": 2, "test": 1}
    assert (bound.read, bound.available) == (19, 151)


def test_texts_and_series_are_read_from_the_beginning():
    with limit(4):
        assert first_part("abcdefgh", "characters") == "abcd"
        assert first_part(range(10), "rows") == range(4)
    with limit(10):
        parts = first_part_of_splits({"train": ["abc", "defg", "hijkl"], "test": ["mnop", "q"]})
    assert parts == {"train": ["abc", "defg"], "test": ["m"]}


@pytest.mark.parametrize(
    ("read", "line"),
    [
        (lambda: sample(range(67_349)), "--quick: 2,000 of 67,349 examples are read (--examples N for more).\n"),
        (
            lambda: first_part("x" * 5000, "characters"),
            "--quick: the first 2,000 of 5,000 characters are read (--examples N for more).\n",
        ),
        (
            lambda: first_part_of_splits({"train": ["x" * 3000]}, is_whole=False),
            "--quick: the first 2,000 characters are read (--examples N for more).\n",
        ),
        (lambda: sample(range(2000)), ""),
        (lambda: None, ""),
    ],
)
def test_one_line_says_how_much_is_read(read, line, capsys):
    with limit(2000):
        read()
    assert capsys.readouterr().err == line


def test_the_bound_ends_with_an_error_and_may_be_silent(capsys):
    with pytest.raises(ValueError, match="broken"), limit(1):
        raise ValueError("broken")
    assert sample([1, 2]) == [1, 2]
    with limited_reading({**OWN, "rows": 1}, quick=True, verbose=0):
        sample([1, 2])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", list_recipes())
def test_every_recipe_has_a_bound(name):
    recipe = load_recipe(name)
    arguments = resolve_arguments(recipe, {"data": "mine"}, quick=True)
    with limited_reading(arguments, quick=True, verbose=0) as bound:
        assert 0 < bound.count <= 100_000
    assert bound.argument in arguments


def test_sets_of_tfds_are_read_from_all_over(stored):
    stored["mine"] = {"train": [{"text": f"t{n}", "label": "ab"[n >= 90]} for n in range(100)], "test": []}
    asked = []

    class Counted(tfds_sources.DataSet):
        def rows(self, split, features, *, count=None):
            asked.append((split, count))
            yield from super().rows(split, features, count=count)

    with pytest.MonkeyPatch.context() as patch, limit(20) as bound:
        patch.setattr(tfds_sources, "DataSet", Counted)
        parts = tfds_sources.read_parts("tfds:mine", [("text", "label")])
    assert asked == [("train", 18), ("test", 2)]
    assert len(parts["train"]) == 18
    assert (bound.read, bound.available) == (18, 100)


def test_texts_of_tfds_are_read_no_further_than_needed(stored):
    stored["mine"] = {"train": [{"text": "x" * 10} for _ in range(1000)]}
    with limit(95) as bound:
        parts = tfds_sources.read_parts("tfds:mine", [("text",)], each=str, size=len)
        assert len(parts["train"]) == 10
    assert bound.read == 0  # told by who cuts them


def test_a_text_of_three_megabytes_has_an_epoch_of_seconds(tmp_path, capsys):
    path = tmp_path / "mine.txt"
    path.write_text("".join(f"This is line {number} of a long text.\n" for number in range(90_000)))
    assert path.stat().st_size > 3_000_000
    recipe = load_recipe("language_model")
    arguments = resolve_arguments(recipe, {"data": str(path), "level": "word"}, quick=True)
    for level in ("character", "word"):
        own = {**arguments, "level": level}
        with limited_reading(own, quick=True):
            splits = load_splits(recipe, own, seed=0)
        assert len(splits.train) <= 70
        assert sum(len(part[0]["target"]) for part in splits.raw.values()) == language_model.QUICK["examples"]
        assert re.match(r"--quick: the first 60,000 of 3,\d{3},\d{3} characters", capsys.readouterr().err)


def test_a_quick_training_and_its_evaluation_read_the_same(tmp_path, command, capsys):
    (tmp_path / "mine.tsv").write_text(published.table(400))
    arguments = {"units": 4, "embedding_size": 4, "batch_size": 16, "bidirectional": False, "examples": 60}
    settings = Settings(quick=True, epochs=1, verbose=2)
    run = train("sentiment", out=tmp_path / "run", settings=settings, data=str(tmp_path / "mine.tsv"), **arguments)
    assert "--quick: 60 of 400 examples are read (--examples N for more).\n" in capsys.readouterr().err
    output, errors, code = command("evaluate", run.folder, "--json")
    assert (code, "60 of 400" in errors) == (0, True)
    assert json.loads(output) == pytest.approx(run.metrics["test"], abs=1e-4)
    # Other data are measured as they are.
    _, errors, _ = command("evaluate", run.folder, "--data", tmp_path / "mine.tsv", "--split", "all")
    assert "--quick" not in errors


def test_trials_of_a_search_read_as_much(monkeypatch, tmp_path):
    from zoo.experiments import trial

    (tmp_path / "mine.tsv").write_text(published.table(400))
    recipe = load_recipe("sentiment")
    monkeypatch.setattr(trial, "_cache", {})
    sizes = {}
    for quick in (False, True):
        arguments = resolve_arguments(recipe, {"data": str(tmp_path / "mine.tsv"), "examples": 50}, quick=quick)
        splits = trial._cached_splits(recipe, arguments, Settings(quick=quick), searched={})
        sizes[quick] = sum(map(len, splits.raw.values()))
    assert sizes == {False: 400, True: 50}


# Recipe, arguments, files of many examples, and what is read of them. Every recipe that reads files is here.
CASES = [
    ("sentiment", {}, {"mine.tsv": published.table(200)}),
    ("sentiment", {}, {f"{part}.tsv": published.table(200) for part in ("train", "dev", "test")}),
    ("sentiment", {}, {f"{part}/{label}/{n}.txt": f"{part} {label} {n}" for part in ("train", "test")
                       for label in ("neg", "pos") for n in range(40)}),
    ("sentiment", {}, {f"{label}/{n}.txt": f"{label} {n}" for label in ("neg", "pos") for n in range(40)}),
    ("questions", {}, {"train_5500.label": published.questions(200), "TREC_10.label": published.questions(100)}),
    ("surnames", {}, {f"{name}.txt": published.lines(80, name) for name in ("Czech", "Greek")}),
    ("names", {}, {f"{name}.txt": published.lines(80, name) for name in ("Czech", "Greek")}),
    ("dna", {}, {"splice.data": published.windows(200)}),
    ("dna", {"task": "positions"}, {"mine.conll": "".join(f"{published.base(n, 1)}\t1\nC\t0\n\n" for n in range(100))}),
    ("activity", {}, {"A_TRAIN.ts": published.series(100), "A_TEST.ts": published.series(60)}),
    ("activity", {}, {f"{label}/{n:02}.csv": f"{n},1\n2,3\n" for label in ("sit", "run") for n in range(40)}),
    ("tagging", {}, {f"en-ud-{part}.conllu": published.universal(80) for part in ("train", "dev", "test")}),
    ("segmentation", {}, {"mine.txt": published.lines(90)}),
    ("question_answering", {}, {f"en/qa{task}_x_{part}.txt": published.stories(50) for task in (1, 2)
                                for part in ("train", "test")}),
    ("question_answering", {}, {"mine.txt": published.stories(90)}),
    ("tree_sentiment", {}, {f"{part}.txt": published.trees(80) for part in ("train", "dev", "test")}),
    ("music", {"transpose": 0}, {"jsb-chorales-quarter.json": published.chorales(80, 40, 40)}),
    ("strokes", {}, {"mine.jsonl": published.drawings(90)}),
    ("strokes", {}, {"kanji_strokes.npz": published.npz(80, 40, 40)}),
    ("pixels", {}, {"t10k-images-idx3-ubyte": published.idx_pictures(90)}),
    ("translation", {}, {f"{part}.{language}": published.lines(80, language) for part in ("train", "val", "test")
                         for language in ("en", "de")}),
    ("commands", {}, {"tasks_train_simple.txt": published.scan(80), "tasks_test_simple.txt": published.scan(40)}),
    ("pronunciation", {"examples": 200}, {"mine.tsv": published.pronunciations(400)}),
    ("copying", {}, {"mine.tsv": "source\ttarget\n" + "".join(f"a {n}\ta\n" for n in range(90))}),
    ("inflection", {}, {"german.tsv": published.inflections(90)}),
    ("dialogue", {}, {f"{part}.json": published.dialogues(60) for part in ("train", "dev", "test")}),
    ("convex_hull", {"batches": 4, "batch_size": 5}, {"mine.txt": published.points(90)}),
    ("travelling_salesman", {"batches": 4, "batch_size": 5}, {"mine.txt": published.points(90)}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments", "files"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_recipe_reads_no_more_than_it_would_generate(name, arguments, files, tmp_path, capsys):
    path = published.write_all(tmp_path / "data", files)
    path = next(iter(path.iterdir())) if len(files) == 1 and name != "inflection" else path
    recipe = load_recipe(name)
    given = {"data": str(path), "examples": 20, **arguments}
    resolved = resolve_arguments(recipe, given, quick=True)
    with limited_reading(resolved, quick=True):
        splits = load_splits(recipe, resolved, seed=0)
    assert all(splits.raw[part] for part in ("train", "validation", "test"))
    assert sum(len(part) for part in splits.raw.values()) <= resolved["examples"] + 2  # a split has at least one
    assert "--quick: 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "arguments", "write", "names"),
    [
        ("captioning", {"height": 2, "width": 2}, published.write_pictures, [f"{n}.png" for n in range(60)]),
        ("video", {"size": 2}, published.write_pictures, [f"{n}/0.png" for n in range(60)]),
        ("pixels", {}, published.write_pictures, [f"{n}.png" for n in range(60)]),
        ("music", {"transpose": 0}, published.write_pieces, [f"{n}.mid" for n in range(60)]),
        ("speech", {}, published.write_sounds, [f"{n}.wav" for n in range(60)]),
        ("speech", {}, published.write_sounds, [f"{word}/{n}.wav" for word in ("yes", "no") for n in range(30)]),
        ("speech", {"perturb": False}, published.write_sounds,
         [f"{digit}_ann_{n}.wav" for digit in range(2) for n in range(30)]),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:A picture is")
def test_pictures_sounds_and_pieces_are_bounded_as_well(name, arguments, write, names, tmp_path, capsys):
    write(tmp_path, names)
    kinds = {"captioning": ("captions.tsv", "file\tcaption\n"), "video": ("captions.tsv", "file\tcaption\n")}
    if name == "speech" and not any("/" in each or "_" in each for each in names):
        kinds["speech"] = ("said.tsv", "file\ttext\n")
    if name in kinds:
        table, head = kinds[name]
        rows = [f"{each.removesuffix('/0.png')}\tnumber {n % 2}\n" for n, each in enumerate(names)]
        (tmp_path / table).write_text(head + "".join(rows))
    recipe = load_recipe(name)
    resolved = resolve_arguments(recipe, {"data": str(tmp_path), "examples": 20, **arguments}, quick=True)
    with limited_reading(resolved, quick=True):
        splits = load_splits(recipe, resolved, seed=0)
    assert all(splits.raw[part] for part in ("train", "validation", "test"))
    assert sum(len(part) for part in splits.raw.values()) <= 22
    assert "--quick: 20 of 60 examples are read" in capsys.readouterr().err


def test_rows_of_a_series_are_the_first(tmp_path, capsys):
    (tmp_path / "airline-passengers.csv").write_text(published.months(400))
    recipe = load_recipe("forecasting")
    given = {"data": str(tmp_path), "rows": 200, "history": 12}
    resolved = resolve_arguments(recipe, given, quick=True)
    with limited_reading(resolved, quick=True):
        splits = load_splits(recipe, resolved, seed=0)
    # 70 % of 200 rows are for training, 12 of them come before the first forecast and the last has 12 rows.
    assert len(splits.raw["train"]) == 140 - 12 - 12 + 1
    assert splits.raw["test"][-1]["row"] == 200 - 12
    assert "--quick: the first 200 of 400 rows are read (--rows N for more)." in capsys.readouterr().err


def test_sentences_of_a_language_model_are_bounded_by_characters(tmp_path, capsys):
    for part in ("train", "valid", "test"):
        (tmp_path / f"{part}.txt").write_text(published.lines(500, "words of"))
    recipe = load_recipe("language_model")
    resolved = resolve_arguments(recipe, {"data": str(tmp_path), "examples": 1000, "level": "word"}, quick=True)
    with limited_reading(resolved, quick=True):
        splits = load_splits(recipe, resolved, seed=0)
    sizes = {part: sum(len(" ".join(e["target"])) + 1 for e in rows) for part, rows in splits.raw.items()}
    assert 700 < sizes["train"] <= 800 and 70 < sizes["test"] <= 100
    assert "characters are read (--examples N for more)" in capsys.readouterr().err


def test_no_recipe_that_reads_a_path_is_left_out():
    covered = {name for name, *_ in CASES} | {"captioning", "video", "speech", "forecasting", "language_model"}
    reading = {
        name
        for name, module in list_recipes().items()
        if "a path" in (inspect.getdoc(importlib.import_module(module).data) or "")
    }
    assert reading <= covered
    assert len(covered) >= 24
