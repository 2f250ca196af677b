import gzip
import json

import pytest

import zoo
from recipes import dialogue
from recipes.run import Settings, train
from zoo.data.dialogues import Utterances
from zoo.data.files import DataError

SMALL = {"examples": 150, "units": 24, "embedding_size": 16}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dialogue") / "run"
    settings = Settings(quick=True, epochs=2, verbose=0)
    return train("dialogue", out=folder, settings=settings, **SMALL)


def test_a_quick_run_answers(run):
    assert set(run.metrics["test"]) == {"nats", "perplexity", "accuracy", "exact", "bleu"}
    assert run.metrics["test"]["perplexity"] < 12  # of 60 words
    assert (run.folder / "alignments.png").stat().st_size > 5000
    loaded = zoo.load(run.folder)
    ((best,),) = loaded.generate([["hello , i am ada ."]])
    assert best.text


def test_a_flat_model_is_as_large():
    made = {}
    for name in dialogue.MODELS:
        splits = dialogue.data(examples=60, model=name)
        made[name] = dialogue.model(splits, units=32, embedding_size=16)
    counts = {name: model.count_params() for name, model in made.items()}
    assert counts["hierarchical"] <= counts["flat"] <= 1.02 * counts["hierarchical"]
    assert (made["flat"].name, made["hierarchical"].name) == ("encoder_decoder", "dialogue")


def test_both_read_the_same_turns():
    flat, levels = (dialogue.data(examples=60, model=name).raw["test"] for name in ("flat", "hierarchical"))
    assert [one["target"] for one in flat] == [one["target"] for one in levels]
    assert flat[3]["source"] == " | ".join(levels[3]["source"])
    assert dialogue.understand(flat[3]["source"]) == levels[3]["source"]


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text('{"turns": ["Hi", "Hello !", "", "Bye"]}\n' * 20, encoding="utf-8")
    with pytest.warns(UserWarning, match="empty turns were left out"):
        splits = dialogue.data(data=str(path), speaker="both")
    assert splits.raw["test"][1] == {"source": ["Hi", "Hello !"], "target": "Bye"}
    assert isinstance(splits.vocabularies["source"], Utterances)


def test_a_folder_without_the_files_is_an_error(tmp_path):
    with pytest.raises(DataError, match="no train.json"):
        dialogue.data(data=str(tmp_path))


@pytest.mark.real_data
def test_public_dialogues(real_data):
    splits = dialogue.data(data=str(real_data / "sim_m_dialogue"))
    for part, name in {"train": "train", "validation": "dev", "test": "test"}.items():
        content = json.loads(gzip.decompress((real_data / "sim_m_dialogue" / f"{name}.json.gz").read_bytes()))
        spoken = [turn for one in content for turn in one["turns"] if "system_utterance" in turn]
        assert len(splits.raw[part]) == len(spoken)
    first = splits.raw["validation"][0]
    assert first["source"] == ["hi , buy 3 movie tickets for tomorrow ."]
    assert first["target"].startswith("what movie do you want to see")
