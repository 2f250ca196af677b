import json
import warnings

import numpy as np
import pytest

import zoo
from tests.runs import splits_of
from zoo.data.synthetic import world
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import question_answering
from zoo.special_ids import UNKNOWN

SMALL = {"examples": 1500, "tasks": "1", "linear_epochs": 2}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short run, to be read only."""
    settings = Settings(quick=True, epochs=2, verbose=0)
    short = {**SMALL, "examples": 200, "linear_epochs": 1}
    return train("question_answering", out=tmp_path_factory.mktemp("runs") / "qa", settings=settings, **short)


def test_a_short_run_is_measured_and_drawn(run):
    test = run.metrics["test"]
    assert 0 <= test["accuracy"] <= 1 and np.isfinite(test["nats"])
    assert test["mean_error"] == pytest.approx(1 - test["accuracy"])
    assert (run.folder / "hops.png").stat().st_size > 5000


@pytest.mark.slow
def test_a_quick_run_learns(tmp_path):
    settings = Settings(quick=True, epochs=8, verbose=0)
    run = train("question_answering", out=tmp_path / "qa", settings=settings, **SMALL)
    assert run.metrics["test"]["accuracy"] > 0.6  # the place that was named last: 0.52
    assert run.metrics["test"]["mean_error"] == pytest.approx(1 - run.metrics["test"]["accuracy"])
    assert (run.folder / "hops.png").stat().st_size > 5000


def test_a_typed_story_is_answered_with_its_hops(run, command, tmp_path):
    example = world.generate(1, tasks=(1,), seed=9)[0]
    text = " ".join([*example["story"], example["question"]])
    output, _, code = command("predict", run.folder, text, "--plot", tmp_path / "hops.png")
    assert code == 0
    first, heading, *rows = output.splitlines()
    (said,) = zoo.load(run.folder).predict([text])
    assert first == f"{said.output} {said.probability:.3f}\t{example['question']}"
    assert heading.split() == ["hop", "1", "hop", "2", "hop", "3"]
    assert [row.endswith(sentence) for row, sentence in zip(rows, example["story"], strict=True)]
    assert (tmp_path / "hops.png").stat().st_size > 5000
    output, _, _ = command("predict", run.folder, "--json", text)
    told = json.loads(output)
    assert told["trace"]["story"] == example["story"]
    shares = np.sum(told["trace"]["hops"], axis=1)
    assert ((shares > 0) & (shares < 1)).all()  # the rest lies on empty places


@pytest.mark.parametrize(
    ("text", "said"),
    [("Where is Mary?", "at least one sentence"), ("Mary left.", "ends in its question"), ("{", "JSON")],
)
def test_what_is_no_story_is_refused(run, command, text, said):
    _, errors, code = command("predict", run.folder, text)
    assert code and said in errors


def test_long_stories_are_cut_and_counted():
    with pytest.warns(UserWarning, match=r"\d+ of 40 stories are longer: their last 3 sentences are kept"):
        splits = splits_of("question_answering", examples=40, memory_size=3)
    assert max(len(story) for story in splits.train.inputs["story"]) == 3


def test_answers_never_seen_count_as_wrong(tmp_path):
    lines = [
        {"story": ["A b c."], "question": "Who?", "answer": "new" if number > 17 else "old"} for number in range(20)
    ]
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with pytest.warns(UserWarning, match="2 of 20 answers were never seen in training: they count as wrong"):
        splits = splits_of("question_answering", data=str(tmp_path / "own.jsonl"))
    assert [int(answer) for answer in splits.test.targets] == [UNKNOWN] * 2


@pytest.mark.slow
@pytest.mark.real_data
def test_published_tasks(real_data):
    archive = str(real_data / "babi_en_1k" / "babi_en_1k.tar.gz")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        splits = splits_of("question_answering", data=archive)
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [18_000, 2_000, 20_000]
    assert {example["task"] for example in splits.raw["validation"]} == set(range(1, 21))
    # Every task's last hundred training questions.
    alone = splits_of("question_answering", data=archive, task=4)
    assert alone.raw["validation"] == [each for each in splits.raw["validation"] if each["task"] == 4]
    assert len(alone.raw["train"]) == 900


def test_the_table_stands_beside_the_published_figures():
    figures = {"mean_error": 0.5, **{f"error_{task}": task / 100 for task in range(1, 21)}}
    lines = question_answering.format_report(figures).splitlines()
    assert len(lines) == 22
    assert lines[2].split() == ["2", "2.0", "13.1", "8.2"]
    assert lines[-1].split() == ["mean", "50.0", "12.4", "13.8"]
    assert question_answering.format_report({"mean_error": 0.5}) == ""
