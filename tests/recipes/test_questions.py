import pytest

import zoo
from tests.runs import splits_of
from zoo.experiments.run import train
from zoo.experiments.settings import Settings

TABLE = "text\tlabel\n" + "".join(
    f"where is place number {number} ?\tLOC\nwho built tower number {number} ?\tHUM\n" for number in range(10)
)


def test_a_quick_run_learns_and_answers_questions(tmp_path):
    settings = Settings(quick=True, epochs=5, verbose=0)
    run = train("questions", out=tmp_path / "run", settings=settings, examples=500, batch_size=16)
    assert set(run.metrics["test"]) == {"accuracy", "f1", "nats"}
    assert run.metrics["validation"]["accuracy"] > 0.5  # chance: 1/6
    assert 0 < run.metrics["baseline"]["naive_bayes_accuracy"] <= 1
    first, second = zoo.load(run.folder).predict(["Where was Anna Dahl born?", "who ?"])
    assert first.output in run.vocabularies["labels"].names
    assert sum(second.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_own_table_with_its_own_classes(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text(TABLE)
    splits = splits_of("questions", data=str(path), minimum_count=1)
    assert splits.vocabularies["labels"].names == ["HUM", "LOC"]
    assert [len(splits.raw[name]) for name in ("train", "validation", "test")] == [16, 2, 2]
    assert "tower" in splits.vocabularies["tokens"]
    other = splits_of("questions", data=str(path), vocabularies=splits.vocabularies)
    assert other.vocabularies == splits.vocabularies


def test_one_file_of_labels_and_questions(tmp_path):
    path = tmp_path / "some.label"
    path.write_text("".join(f"NUM:date When was {year} ?\nLOC:city What city has {year} ?\n" for year in range(6)))
    assert splits_of("questions", data=str(path)).vocabularies["labels"].names == ["LOC", "NUM"]
    assert splits_of("questions", data=str(path), classes="fine").vocabularies["labels"].names == [
        "LOC:city",
        "NUM:date",
    ]


def test_classes_that_there_are_not():
    with pytest.raises(ValueError, match="coarse classes only"):
        splits_of("questions", classes="fine")
    with pytest.raises(ValueError, match=r'"coarse" or "fine". Received: .rough'):
        splits_of("questions", classes="rough")


@pytest.mark.real_data
@pytest.mark.parametrize(("classes", "count"), [("coarse", 6), ("fine", 50)])
def test_published_questions(real_data, classes, count):
    splits = splits_of("questions", data=str(real_data / "trec_questions"), classes=classes)
    assert len(splits.vocabularies["labels"]) == count
    assert (splits.train.examples, splits.validation.examples, splits.test.examples) == (4907, 545, 500)
    assert splits.raw["test"][0][0] == "How far is it from Denver to Aspen ?"
