import gzip
import json

import numpy as np
import pytest

import zoo
from tests.runs import splits_of
from zoo.data.vocabularies.dialogues import Utterances
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import dialogue
from zoo.storage.files import DataError

SMALL = {"examples": 150, "units": 24, "embedding_size": 16}


def test_a_short_run_is_measured_and_answers(tmp_path):
    # Dialogues of one length, and of one answer each: batches of one shape.
    things = ("tea", "rice", "soup", "cake")
    lines = [{"turns": ["a", "b", "c", "d", f"one {thing} please", f"here is {thing}"]} for thing in things] * 10
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, lines)))
    settings = Settings(quick=True, epochs=1, verbose=0)
    small = {"units": 8, "embedding_size": 8, "batch_size": 128, "cell": "elman", "data": str(tmp_path / "mine.jsonl")}
    run = train("dialogue", out=tmp_path / "run", settings=settings, **small)
    assert set(run.metrics["test"]) == {"nats", "perplexity", "accuracy", "exact", "bleu"}
    assert np.isfinite(list(run.metrics["test"].values())).all()
    assert (run.folder / "alignments.png").stat().st_size > 5000
    ((best,),) = run.generate([["a", "b", "one tea please"]])
    assert best.text


@pytest.mark.slow
def test_a_quick_run_answers(tmp_path):
    settings = Settings(quick=True, epochs=2, verbose=0)
    run = train("dialogue", out=tmp_path / "run", settings=settings, **SMALL)
    assert set(run.metrics["test"]) == {"nats", "perplexity", "accuracy", "exact", "bleu"}
    assert run.metrics["test"]["perplexity"] < 12  # of 60 words
    assert (run.folder / "alignments.png").stat().st_size > 5000
    loaded = zoo.load(run.folder)
    ((best,),) = loaded.generate([["hello , i am ada ."]])
    assert best.text


@pytest.mark.slow
def test_a_flat_model_is_as_large():
    """With the 514 words of Sim-M."""
    sizes = {"source_vocabulary_size": 514, "target_vocabulary_size": 514}
    counts = {
        name: zoo.build(model, **facts, **sizes).count_params() for name, (model, facts) in dialogue.MODELS.items()
    }
    assert counts["flat"] == pytest.approx(counts["hierarchical"], rel=0.02)


def test_both_read_the_same_turns():
    flat, levels = (splits_of("dialogue", examples=60, model=name).raw["test"] for name in ("flat", "hierarchical"))
    assert [one["target"] for one in flat] == [one["target"] for one in levels]
    assert flat[3]["source"] == " | ".join(levels[3]["source"])
    assert dialogue.parse_input(flat[3]["source"], None) == levels[3]["source"]


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.jsonl"
    lines = (json.dumps({"turns": [f"Hi {number}", "Hello !", "", "Bye"]}) for number in range(20))
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.warns(UserWarning, match="empty turns were left out"):
        splits = splits_of("dialogue", data=str(path), speaker="both")
    assert splits.raw["test"][1] == {"source": ["Hi 0", "Hello !"], "target": "Bye"}
    assert isinstance(splits.vocabularies["source"], Utterances)


def test_a_folder_without_the_files_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"\(Sim-M, Sim-R\).* JSON lines with \"turns\".*, found nothing"):
        splits_of("dialogue", data=str(tmp_path))


@pytest.mark.slow
@pytest.mark.real_data
def test_public_dialogues(real_data):
    splits = splits_of("dialogue", data=str(real_data / "sim_m_dialogue"))
    for part, name in {"train": "train", "validation": "dev", "test": "test"}.items():
        content = json.loads(gzip.decompress((real_data / "sim_m_dialogue" / f"{name}.json.gz").read_bytes()))
        spoken = [turn for one in content for turn in one["turns"] if "system_utterance" in turn]
        assert len(splits.raw[part]) == len(spoken)
    first = splits.raw["validation"][0]
    assert first["source"] == ["hi , buy 3 movie tickets for tomorrow ."]
    assert first["target"].startswith("what movie do you want to see")
