"""`zoo score` beside its plain use: totals, sources, lists of several formats; models are numbers by hand."""

import gzip
import json
import math
from types import SimpleNamespace

import numpy as np
import pytest

from zoo.cli.score import score
from zoo.inference.score import Score
from zoo.storage.files import DataError


@pytest.fixture
def model(monkeypatch):
    """A run to which each letter of a target, and its end, costs a nat; `examples` are those that it has scored."""
    run = SimpleNamespace(generates=True, vocabularies={}, examples=[], folders=[])
    run.model = SimpleNamespace(inputs=[SimpleNamespace(name="target")])

    def score_examples(model, examples, *, vocabularies=None):
        assert model is run
        run.examples += examples
        targets = [example["target"] if isinstance(example, dict) else example for example in examples]
        lengths = [len(target) + 1 for target in targets]
        return [Score(-float(length), length, np.full(length, -1.0)) for length in lengths]

    def load(folder):
        run.folders.append(folder)
        return run

    monkeypatch.setattr("zoo.load", load)
    monkeypatch.setattr("zoo.score", score_examples)
    monkeypatch.setattr("zoo.inference.score.score", score_examples)
    return run


def set_inputs(model, *names):
    model.model.inputs = [SimpleNamespace(name=name) for name in (*names, "target")]


def test_several_texts_have_a_total(model, capsys, monkeypatch):
    def score_unevenly(model, examples):
        return [Score(-3.0, 2, np.array([])), Score(-1.0, 6, np.array([]))]

    monkeypatch.setattr("zoo.score", score_unevenly)
    score("run", "a", "b")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"-3.0000\t2\t{math.exp(1.5):.3f}\ta"
    assert lines[2] == f"-4.0000\t8\t{math.exp(0.5):.3f}\tall 2"
    assert model.folders == ["run"]


def test_one_text_has_no_total(model, capsys):
    score("run", "abc")
    assert capsys.readouterr().out == "-4.0000\t4\t2.718\tabc\n"


def test_json_has_an_object_a_text_and_no_total(model, capsys):
    score("run", "añ", "", as_json=True)
    output = capsys.readouterr().out
    assert [json.loads(line) for line in output.splitlines()] == [
        {"text": "añ", "log_probability": -3.0, "tokens": 3, "perplexity": math.e},
        {"text": "", "log_probability": -1.0, "tokens": 1, "perplexity": math.e},
    ]
    assert "añ" in output


def test_a_source_ends_at_the_first_tab(model, capsys):
    set_inputs(model, "source")
    score("run", "a b\tc\td", "e\t")
    assert model.examples == [{"source": "a b", "target": "c\td"}, {"source": "e", "target": ""}]


def test_inputs_carry_the_name_that_the_model_reads(model):
    set_inputs(model, "label")
    score("run", "Russian\tIvan")
    assert model.examples == [{"label": "Russian", "target": "Ivan"}]
    with pytest.raises(ValueError, match="Line 2 must be LABEL<tab>TARGET: this model reads. Received: Ivan"):
        score("run", "Russian\tIvan", "Ivan")


def test_lists_are_ranked_by_the_weighted_sum(model, capsys, tmp_path):
    # Lines of several lists may alternate; the lists stay in the order in which they begin.
    lines = ["7 ||| abcd ||| -1.0", "x|||a|||-4", "7 |||  bc  ||| -1.5", "x ||| abc ||| -0.5", "7 ||| ||| -9"]
    (tmp_path / "lists.txt").write_text("\n".join(lines) + "\n")
    score("run", nbest=tmp_path / "lists.txt", weight=0.5, length_bonus=0.25)
    # Each of n letters costs 0.5 and gains 0.25, as does the end: s - 0.25 (n + 1). Of equals the former order.
    assert capsys.readouterr().out.splitlines() == [
        "7 ||| abcd ||| -2.250000",
        "7 ||| bc ||| -2.250000",
        "7 |||  ||| -9.250000",
        "x ||| abc ||| -1.500000",
        "x ||| a ||| -4.500000",
    ]


def test_the_weight_alone_turns_a_list_round(model, capsys, tmp_path):
    with gzip.open(tmp_path / "lists.txt.gz", "wt") as file:
        file.write("0 ||| abcd ||| -1.0\n0 ||| b ||| -2.0\n")
    for weight, best in ((0.0, "abcd"), (0.3, "abcd"), (0.4, "b")):  # they differ by 3 letters and 1.0
        score("run", nbest=tmp_path / "lists.txt.gz", weight=weight)
        assert capsys.readouterr().out.split(" ||| ")[1] == best


@pytest.mark.parametrize("line", ["0 ||| abc ||| high", "0 ||| a ||| b ||| -1.0", "0 abc -1.0", ""])
def test_lines_that_are_no_list_are_named(model, tmp_path, line):
    (tmp_path / "lists.txt").write_text(f"0 ||| abc ||| -1.0\n{line}\n")
    with pytest.raises(DataError, match=r"lists\.txt:2: expected NUMBER \|\|\| TEXT \|\|\| SCORE, found "):
        score("run", nbest=tmp_path / "lists.txt")


@pytest.mark.parametrize("weights", [{"weight": math.inf}, {"length_bonus": math.nan}])
def test_weights_are_finite(model, weights):
    with pytest.raises(ValueError, match="--weight and --length-bonus are finite numbers"):
        score("run", "abc", **weights)
