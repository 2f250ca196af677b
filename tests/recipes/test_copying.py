import json

import numpy as np
import pytest

import zoo
from tests.runs import model_of, splits_of
from zoo.data.synthetic.rules import KNOWN
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import copying
from zoo.special_ids import END, UNKNOWN

TINY = {"units": 32, "embedding_size": 16, "dropout": 0.0, "batch_size": 16, "learning_rate": 0.02}
FIGURES = {"exact", "bleu", "repeated_trigrams", "unknown_words", "nats", "perplexity", "accuracy"}
KINDS = ("x_to_nothing", "x_to_x", "x_to_xx", "xy_to_x", "xy_to_xy")


@pytest.fixture
def greetings(tmp_path):
    """Names that no two examples share, and what is said to them."""
    lines = [{"source": f"this is name{n} here", "target": f"hello name{n} !"} for n in range(300)]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return str(tmp_path / "mine.jsonl")


def test_a_short_run_is_measured_and_drawn(tmp_path):
    lines = [{"source": f"this is name{n} here", "target": f"hello name{n} !"} for n in range(60)]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, lines)))
    settings = Settings(quick=True, epochs=2, verbose=0)
    small = {**TINY, "units": 8, "embedding_size": 8}
    run = train("copying", out=tmp_path / "run", settings=settings, data=str(tmp_path / "mine.jsonl"), **small)
    assert set(run.metrics["test"]) == FIGURES
    assert np.isfinite(list(run.metrics["test"].values())).all()
    assert run.metrics["baseline"] == {"exact_at_most": 0.0, "repeated_trigrams": 0.0}
    for picture in ("alignments.png", "copy_gates.png"):
        assert (run.folder / picture).stat().st_size > 5000
    assert "val_exact" in (run.folder / "history.csv").read_text().splitlines()[0]
    best = run.generate(["this is Zaphod here"])[0][0]
    assert set(best.tokens) <= {"hello", "!", "this", "is", "Zaphod", "here"}
    gates = best.trace["copy_gate"]
    assert ((gates > 0) & (gates < 1)).all()


@pytest.mark.slow
def test_a_quick_run_says_what_it_has_never_seen(tmp_path, greetings, command):
    settings = Settings(quick=True, epochs=5, verbose=0)
    run = train("copying", out=tmp_path / "run", settings=settings, data=greetings, **TINY)
    test = run.metrics["test"]
    assert set(test) == FIGURES
    assert test["exact"] > 0.8 and test["unknown_words"] > 0.8  # without copying: 0
    assert run.metrics["baseline"] == {"exact_at_most": 0.0, "repeated_trigrams": 0.0}
    for picture in ("alignments.png", "copy_gates.png"):
        assert (run.folder / picture).stat().st_size > 5000
    assert "val_exact" in (run.folder / "history.csv").read_text().splitlines()[0]
    best = zoo.generate(zoo.load(run.folder), ["this is Zaphod here"])[0][0]
    assert best.tokens == ["hello", "Zaphod", "!"]
    gates = best.trace["copy_gate"]
    assert gates[1] > 0.9 > 0.5 > gates[0]
    assert command("generate", run.folder, "this is Trillian here")[0] == "hello Trillian !\n"


@pytest.mark.slow
def test_without_copying_unknown_words_stay_unknown(tmp_path, greetings):
    settings = Settings(quick=True, epochs=1, verbose=0)
    run = train("copying", out=tmp_path / "run", settings=settings, data=greetings, copying=None, **TINY)
    assert run.metrics["test"]["exact"] == run.metrics["test"]["unknown_words"] == 0
    assert not (run.folder / "copy_gates.png").exists()
    assert (run.folder / "alignments.png").is_file()
    splits = splits_of("copying", data=greetings)
    sizes = {"units": 32, "embedding_size": 16}
    alone, both = (model_of("copying", splits, copying=how, **sizes) for how in (None, "pointer_generator"))
    # The gate reads 32 units and a word's vector, and has a bias.
    assert both.count_params() - alone.count_params() == 32 + 16 + 1


def test_invented_words_are_in_no_vocabulary():
    splits = splits_of("copying", examples=1000, rule_count=10)
    for side, kind in (("source", Vocabulary), ("target", CopyVocabulary)):
        assert type(splits.vocabularies[side]) is kind
        assert set(splits.vocabularies[side].tokens[4:]) <= set(KNOWN)
    # Those of x->nothing, a fifth, can be said without copying.
    assert copying.baseline(splits)["exact_at_most"] == pytest.approx(0.2, abs=0.1)
    assert type(splits_of("copying", examples=100, copying=None, minimum_count=1).vocabularies["target"]) is Vocabulary


def test_notes_cannot_be_summed_up_without_copying():
    splits = splits_of("copying", task="notes", examples=300)
    assert copying.baseline(splits)["exact_at_most"] == 0
    assert {"ordered", "crates", "."} <= set(splits.vocabularies["target"].tokens)
    longest = max(len(pair["target"].split()) for part in splits.raw.values() for pair in part)
    assert copying.longest(splits) == longest + 1
    with pytest.raises(ValueError, match="Unknown task: 'note'. Did you mean 'notes'"):
        splits_of("copying", task="note")


def test_rules_are_measured_by_kind(monkeypatch):
    splits = splits_of("copying", examples=500, rule_count=5)
    said = copying.expected(splits, splits.raw["test"])
    wrong = [number for number, pair in enumerate(splits.raw["test"]) if pair["kind"] == "x->xx"]
    for number in wrong:
        said[number] += " again"
    monkeypatch.setattr(copying.generation_metrics, "decode_texts", lambda *_, **__: said)
    monkeypatch.setattr(copying.generation_metrics, "likelihood", lambda *_: {"nats": 1.0})
    figures = copying.evaluate(None, splits)
    assert set(figures) == FIGURES - {"perplexity", "accuracy"} | {f"exact_{kind}" for kind in KINDS}
    assert figures["exact"] == pytest.approx(1 - len(wrong) / len(said))
    assert [figures[f"exact_{kind}"] for kind in KINDS] == [1, 1, 0, 1, 1]
    assert figures["unknown_words"] == 1


def test_words_that_nobody_could_say_are_named(tmp_path):
    for part in ("train", "test"):
        (tmp_path / f"{part}.source").write_text("a b c\n" * 20)
        (tmp_path / f"{part}.target").write_text("a b\n" * 3 + "a mystery\n" + "a b\n" * 16)
    (tmp_path / "val.source").write_text("a b c\n")
    (tmp_path / "val.target").write_text("a riddle\n")
    with pytest.raises(ValueError, match="train split: example 3: the target's 'mystery' is in neither the vocabulary"):
        splits_of("copying", data=str(tmp_path))
    with pytest.raises(ValueError, match="Unknown unknown_targets: 'drop'. Known: error, keep"):
        splits_of("copying", data=str(tmp_path), unknown_targets="drop")
    splits = splits_of("copying", data=str(tmp_path), unknown_targets="keep")
    a = splits.vocabularies["target"].encode("a")[0]
    assert splits.train.targets[3].tolist() == [a, UNKNOWN, END]
    # What is only tested is kept, and counts as wrong.
    (tmp_path / "train.target").write_text("a b\n" * 20)
    splits = splits_of("copying", data=str(tmp_path))
    assert splits.validation.targets[0].tolist() == [a, UNKNOWN, END]


def test_targets_are_compared_word_by_word(tmp_path):
    lines = [{"source": "Tell it, please.", "target": "Well, it's told!"}] * 20
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, lines)))
    splits = splits_of("copying", data=str(tmp_path / "mine.jsonl"))
    assert copying.expected(splits, splits.raw["test"][:1]) == ["Well , it's told !"]


def test_marks_beside_words_count_as_words(tmp_path, monkeypatch):
    lines = [{"source": f"Tell name{n}, please.", "target": f"Well, name{n}!"} for n in range(20)]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, lines)))
    splits = splits_of("copying", data=str(tmp_path / "mine.jsonl"))
    # What a model writes looks like its texts.
    said = [example["target"] for example in splits.raw["test"]]
    monkeypatch.setattr(copying.generation_metrics, "decode_texts", lambda *_, **__: said)
    monkeypatch.setattr(copying.generation_metrics, "likelihood", lambda *_: {})
    figures = copying.evaluate(None, splits)
    assert figures["exact"] == figures["unknown_words"] == 1
    exact = copying.callbacks(None, splits)[0].metrics["exact"]
    assert exact(said, copying.expected(splits, splits.raw["test"])) == 1


def test_the_penalty_comes_late():
    splits = splits_of("copying", examples=200, rule_count=5, batch_size=16)
    tiny = {"units": 4, "embedding_size": 4}
    model = model_of("copying", splits, penalty_start=3, penalty_full=5, **tiny)
    assert model.penalties.penalties == {"coverage": 1.0}
    assert model.penalties.ramp == (3 * len(splits.train), 5 * len(splits.train))
    assert model_of("copying", splits, penalties=None, **tiny).penalties is None
