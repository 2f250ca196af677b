import gzip
import json

import numpy as np
import pytest

import zoo
from tests.runs import model_of, splits_of
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import inflection

LETTERS = "abdegiklmnorstu"
LEMMAS = [f"{a}{b}{c}" for a in LETTERS[:9] for b in LETTERS[4:13] for c in "au"]
TABLE = [(lemma, lemma + ending, f"V;{tense}") for lemma in LEMMAS for ending, tense in (("t", "PST"), ("n", "INF"))]
TINY = {"units": 32, "embedding_size": 16, "batch_size": 16}


def write_table(path, rows=TABLE):
    with (gzip.open if path.name.endswith(".gz") else open)(path, "wt", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in rows)
    return str(path)


def test_a_short_run_is_measured_drawn_and_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(inflection, "LONGEST", 8)
    settings = Settings(quick=True, epochs=1, verbose=0)
    data = write_table(tmp_path / "mine.tsv", TABLE[:120])
    run = train("inflection", out=tmp_path / "run", settings=settings, data=data, **{**TINY, "units": 8})
    test = run.metrics["test"]
    assert set(test) == {"exact", "character_error", "nats", "perplexity", "accuracy"}
    assert np.isfinite(list(test.values())).all()
    # The lemma unchanged has three of four letters.
    assert run.metrics["baseline"] == {"exact": 0.0, "character_error": 1 / 4}
    for picture in ("alignments.png", "copy_gates.png"):
        assert (run.folder / picture).stat().st_size > 5000
    example = splits_of("inflection", data=data, vocabularies=run.vocabularies).raw["train"][0]
    best = run.generate([example["source"]], maximum_length=8)[0][0]
    assert best.source == [*example["lemma"], *example["source"].split()[1].split(";")]
    assert best.alignment.shape == (len(best.tokens), 5)


@pytest.mark.slow
def test_a_quick_run_inflects_words_of_a_file(tmp_path, command):
    settings = Settings(quick=True, epochs=4, verbose=0)
    data = write_table(tmp_path / "mine.tsv")
    run = train("inflection", out=tmp_path / "run", settings=settings, data=data, **TINY)
    test = run.metrics["test"]
    assert set(test) == {"exact", "character_error", "nats", "perplexity", "accuracy"}
    assert test["exact"] > 0.6  # the lemma and one of the endings: 0.5
    assert test["character_error"] < 1 - test["exact"] or test["exact"] == 1
    # The lemma as it stands has three of four letters.
    assert run.metrics["baseline"] == {"exact": 0.0, "character_error": 1 / 4}
    for picture in ("alignments.png", "copy_gates.png"):
        assert (run.folder / picture).stat().st_size > 5000
    loaded = zoo.load(run.folder)
    example = splits_of("inflection", data=data, vocabularies=loaded.vocabularies).raw["train"][0]
    best = loaded.generate([example["source"]])[0][0]
    assert best.source == [*example["lemma"], *example["source"].split()[1].split(";")]
    assert best.alignment.shape == (len(best.tokens), 5)
    assert command("generate", run.folder, example["source"])[0] == best.text + "\n"


def test_without_copying_the_vocabulary_is_closed(tmp_path):
    data = write_table(tmp_path / "mine.tsv")
    kinds = [
        type(splits_of("inflection", data=data, copying=how).vocabularies["target"])
        for how in (None, "pointer_generator")
    ]
    assert kinds == [Vocabulary, CopyVocabulary]
    model = model_of(
        "inflection", splits_of("inflection", data=data, copying=None), copying=None, units=4, embedding_size=4
    )
    assert "source_as_target" not in [tensor.name for tensor in model.inputs]


def test_letters_and_whole_features_are_read(tmp_path):
    splits = splits_of("inflection", examples=460)
    features = {"V", "V.PTCP", "NFIN", "PRS", "PST", "FUT", "IMP", "1", "2", "3", "SG", "PL"}
    tokens = set(splits.vocabularies["source"].tokens[4:])
    assert features <= tokens
    assert {len(token) for token in tokens - features} == {1}
    assert not features & set(splits.vocabularies["target"].tokens)
    lemmas = [{form["lemma"] for form in splits.raw[part]} for part in ("train", "validation", "test")]
    assert sum(map(len, lemmas)) == len(set.union(*lemmas)) == 20


@pytest.mark.parametrize("name", ["mine.tsv", "mine.csv", "mine.jsonl", "deu", "mine.tsv.gz"])
def test_files_of_all_formats(tmp_path, name):
    path = tmp_path / name
    if name in ("deu", "mine.tsv.gz"):
        write_table(path)
    elif name == "mine.jsonl":
        path.write_text("\n".join(json.dumps({"source": f"{a} {c}", "target": b}) for a, b, c in TABLE))
    else:
        write_table(path, [("source", "target")] + [(f"{a} {c}", b) for a, b, c in TABLE])
        path.write_text(path.read_text().replace("\t", "," if name == "mine.csv" else "\t"))
    splits = splits_of("inflection", data=str(path))
    assert sum(map(len, splits.raw.values())) == len(TABLE)
    # The first lemma and the eleventh.
    assert splits.raw["test"][:3] == [
        {"source": f"{lemma} {features}", "target": form, "lemma": lemma}
        for lemma, form, features in (*TABLE[:2], TABLE[20])
    ]


def test_a_folder_of_languages(tmp_path):
    write_table(tmp_path / "german.tsv.gz")
    write_table(tmp_path / "spanish.tsv", TABLE[:60])
    for language, count in (("german", len(TABLE)), ("spanish", 60)):
        raw = splits_of("inflection", data=str(tmp_path), language=language).raw
        assert sum(map(len, raw.values())) == count
    assert sum(map(len, splits_of("inflection", data=str(tmp_path)).raw.values())) == len(TABLE)  # German
    with pytest.raises(ValueError, match=r"--language names one of german, spanish, .* Received: 'french'"):
        splits_of("inflection", data=str(tmp_path), language="french")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("language", "count"),
    [("german", 2900), pytest.param("spanish", 7000, marks=pytest.mark.slow), ("portuguese", 7600)],
)
def test_published_tables(real_data, language, count):
    splits = splits_of("inflection", data=str(real_data / "verb_inflection"), language=language)
    assert sum(map(len, splits.raw.values())) == count
    assert {part: len({form["lemma"] for form in splits.raw[part]}) for part in splits.raw} == {
        "train": 80,
        "validation": 10,
        "test": 10,
    }
    assert max(len(ids) for ids in splits.test.targets) <= inflection.LONGEST
