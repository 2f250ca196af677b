"""Translation: sources of sentence pairs, arguments of the model, metrics by hand, and a run from text to text."""

import gzip
import json

import pytest
from matplotlib.image import imread

import zoo
from tests.runs import StoredSet, model_of, splits_of
from zoo.data.splits import Splits
from zoo.data.synthetic import translations
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import translation
from zoo.special_ids import UNKNOWN
from zoo.storage.files import DataError
from zoo.training.callbacks.averaged_weights import AveragedWeights
from zoo.training.callbacks.decoded_metrics import DecodedMetrics

ENGLISH = ["a dog runs", "a cat sits", "two dogs run", "two cats sit"]
GERMAN = ["ein Hund läuft", "eine Katze sitzt", "zwei Hunde laufen", "zwei Katzen sitzen"]
PAIRS = [{"source": source, "target": target} for source, target in zip(ENGLISH, GERMAN, strict=True)]
WORDS = {"level": "word"}


def write(folder, name, pairs, languages=("en", "de"), *, compress=False):
    for language, side in zip(languages, ("source", "target"), strict=True):
        content = "".join(pair[side] + "\n" for pair in pairs).encode()
        path = folder / f"{name}.{language}{'.gz' if compress else ''}"
        path.write_bytes(gzip.compress(content) if compress else content)


def write_folder(folder, **changed):
    for name, pairs in {"train": PAIRS, "val": PAIRS[1:2], "test": PAIRS[2:3]}.items():
        write(folder, name, pairs, **changed)
    return str(folder)


def test_a_quick_run_translates_text(tmp_path):
    # All sentences are of a length, and the parts of a size: few shapes are compiled.
    pairs = [{"source": "the old house", "target": "das alte Haus"}]
    for name, count in (("train", 320), ("val", 4), ("test", 4)):
        write(tmp_path, name, pairs * count)
    settings = Settings(quick=True, epochs=1, verbose=0)
    sizes = {"units": 8, "embedding_size": 4, "tokens": 56, "learning_rate": 0.05}
    run = train("translation", out=tmp_path / "run", settings=settings, data=str(tmp_path), **sizes)

    metrics = json.loads((run.folder / "metrics.json").read_text())
    assert metrics["epochs"] == 1
    for part in ("test", "validation"):
        assert set(metrics[part]) == {"bleu", "greedy_bleu", "nats", "perplexity", "accuracy", "coverage_deviation"}
        assert metrics[part]["bleu"] == metrics[part]["greedy_bleu"] == pytest.approx(100)
        assert metrics[part]["accuracy"] == 1
        assert metrics[part]["perplexity"] < 2  # by chance 7, as many as there are tokens
        # Four target steps attend to three source tokens: at best each receives 4/3, at worst a single token all 4.
        assert 1 / 9 - 1e-4 <= metrics[part]["coverage_deviation"] <= (9 + 1 + 1) / 3
    head, row = (run.folder / "history.csv").read_text().splitlines()
    assert {"nats", "val_nats", "val_bleu", "learning_rate"} <= set(head.split(","))
    assert len(row.split(",")) == len(head.split(","))
    for name in ("alignments.png", "curves.png"):
        assert min(imread(run.folder / name).shape[:2]) > 200

    loaded = zoo.load(run.folder)
    assert loaded.recipe["arguments"]["units"] == 8
    ((best,),) = loaded.generate(["the old house"], decoder="greedy", maximum_length=8)
    assert (best.text, best.source) == ("das alte Haus", ["the", "old", "house"])
    assert best.alignment.shape == (3, 3)
    assert best.trace["alignment"].shape == (4, 3)  # a row for the end, too


def test_words_of_hindi_stay_whole(cases):
    splits = splits_of("translation", data=str(cases / "indic_words" / "hindi.tsv"), **WORDS)
    target = splits.vocabularies["target"]
    texts = [example["target"] for example in splits.raw["train"]]
    assert set(target.tokens[4:]) == {word for text in texts for word in text.split()}
    assert [target.decode(target.encode(text)) for text in texts] == texts


@pytest.mark.slow  # 40 epochs
@pytest.mark.parametrize("level", ["word", "subword"])
def test_hindi_is_written_as_people_write_it(tmp_path, cases, level):
    settings = Settings(epochs=40, quick=True, verbose=0)
    run = train(
        "translation",
        out=tmp_path / "run",
        settings=settings,
        data=str(cases / "indic_words" / "hindi.tsv"),
        level=level,
    )
    assert run.metrics["test"]["bleu"] == pytest.approx(100)
    ((best,),) = run.generate(["Ram goes home"])
    assert best.text == "राम घर जाता है"


def test_generated_pairs_have_their_count_and_seed():
    splits = splits_of("translation", examples=30, **WORDS, seed=4)
    pairs = translations.generate(30, seed=4)
    assert splits.raw["test"] == pairs[::10]
    assert splits.raw["validation"] == pairs[1::10]
    assert splits.train.examples == 24


def test_folders_of_parallel_files_are_read_as_they_are_split(tmp_path):
    splits = splits_of("translation", data=write_folder(tmp_path), **WORDS)
    assert splits.raw == {"train": PAIRS, "validation": PAIRS[1:2], "test": PAIRS[2:3]}
    source, target = splits.vocabularies["source"], splits.vocabularies["target"]
    assert source.tokens[4:6] == ["a", "two"]  # the most frequent, then the first of the alphabet
    assert "läuft" in target and "läuft" not in source
    inputs, targets, _ = splits.test[0]
    assert source.decode(inputs["source"][0]) == "two dogs run"
    assert target.decode(targets[0]) == "zwei Hunde laufen"


@pytest.mark.parametrize("compress", [False, True])
def test_the_test_set_of_2016_is_that_of_multi30k(tmp_path, compress):
    write_folder(tmp_path, compress=compress)
    for number, name in ((1, "test_2016_flickr"), (2, "test_2017_flickr"), (3, "test_2017_mscoco")):
        write(tmp_path, name, PAIRS[number : number + 1], compress=compress)
    raw = splits_of("translation", data=str(tmp_path), **WORDS).raw
    assert raw == {"train": PAIRS, "validation": PAIRS[1:2], "test": PAIRS[1:2]}
    # Of other languages, too.
    for path in [*tmp_path.iterdir()]:
        path.rename(path.with_name(path.name.replace(".de", ".fr").replace(".en", ".cs")))
    languages = {"source_language": "cs", "target_language": "fr"}
    assert splits_of("translation", data=str(tmp_path), **languages, **WORDS).raw == raw


def test_several_test_sets_without_that_of_2016_are_ambiguous(tmp_path):
    write_folder(tmp_path)
    write(tmp_path, "test_2017_flickr", PAIRS[:1])
    with pytest.raises(ValueError, match=r"Received: test, test_2017_flickr in .*, all for test"):
        splits_of("translation", data=str(tmp_path), **WORDS)
    # A test set of 2016 without its translation is an error, not another test set.
    write(tmp_path, "test_2016_flickr", PAIRS[:1])
    (tmp_path / "test_2016_flickr.de").unlink()
    with pytest.raises(DataError, match=r"expected test_2016_flickr\.de, plain or \.gz"):
        splits_of("translation", data=str(tmp_path), **WORDS)


def test_languages_are_endings_of_names(tmp_path):
    write_folder(tmp_path, languages=("cs", "fr"))
    languages = {"source_language": "fr", "target_language": "cs"}
    raw = splits_of("translation", data=str(tmp_path), **languages, **WORDS).raw
    assert raw["test"] == [{"source": GERMAN[2], "target": ENGLISH[2]}]
    for incomplete in ({}, {"source_language": "fr"}, {"target_language": "cs"}):
        with pytest.raises((FileNotFoundError, DataError)):
            splits_of("translation", data=str(tmp_path), **incomplete, **WORDS)


def test_tables_are_split_by_index(tmp_path):
    rows = [{"source": f"word {number}", "target": f"Wort {number}"} for number in range(20)]
    lines = [f"{row['source']}\t{row['target']}" for row in rows]
    (tmp_path / "mine.tsv").write_text("\n".join(["source\ttarget", *lines]) + "\n")
    raw = splits_of("translation", data=str(tmp_path / "mine.tsv"), **WORDS).raw
    assert (raw["test"], raw["validation"]) == (rows[::10], rows[1::10])
    assert len(raw["train"]) == 16


def test_sets_of_tfds_have_a_direction_of_their_own(stored, monkeypatch):
    class Bilingual(StoredSet):
        translates = ("pt", "en")

    monkeypatch.setattr(translation, "DataSet", Bilingual)
    rows = [{"pt": f"casa {number}", "en": f"house {number}"} for number in range(3)]
    stored["ted"] = {"train": rows, "validation": rows[:1], "test": rows[1:2]}
    (pair,) = splits_of("translation", data="tfds:ted", **WORDS).raw["test"]
    assert pair == {"source": "casa 1", "target": "house 1"}
    languages = {"source_language": "en", "target_language": "pt"}
    (pair,) = splits_of("translation", data="tfds:ted", **languages, **WORDS).raw["test"]
    assert pair == {"source": "house 1", "target": "casa 1"}
    # A set that is no translation has a source and a target.
    monkeypatch.setattr(Bilingual, "translates", None)
    stored["mine"] = dict.fromkeys(("train", "validation", "test"), PAIRS[:2])
    assert splits_of("translation", data="tfds:mine", **WORDS).raw["train"] == PAIRS[:2]


def test_vocabularies_of_a_run_are_reused(tmp_path):
    (tmp_path / "first").mkdir()
    first = splits_of("translation", data=write_folder(tmp_path / "first"), **WORDS)
    write(tmp_path, "train", [{"source": "a fish", "target": "ein Fisch"}] * 20)
    other = splits_of("translation", data=str(tmp_path), **WORDS, vocabularies=first.vocabularies)
    for side in ("source", "target"):
        assert other.vocabularies[side] is first.vocabularies[side]
    assert other.test.inputs["source"][0].tolist() == [first.vocabularies["source"].encode("a")[0], UNKNOWN]


def test_vocabularies_are_made_from_training_alone(tmp_path):
    write(tmp_path, "train", PAIRS[:2])
    write(tmp_path, "val", PAIRS[2:3])
    write(tmp_path, "test", PAIRS[3:])
    words, letters, few = (
        splits_of("translation", data=str(tmp_path), level=level, vocabulary_limit=size).vocabularies
        for level, size in (("word", 5000), ("character", 5000), ("word", 6))
    )
    assert set(words["source"].tokens[4:]) == {"a", "dog", "cat", "runs", "sits"}
    assert set(words["target"].tokens[4:]) == set("ein Hund läuft eine Katze sitzt".split())
    assert set(letters["source"].tokens[4:]) == set("a dog runscat sits")
    assert [len(few[side]) for side in ("source", "target")] == [6, 6]


def test_batches_hold_no_more_tokens_than_their_budget():
    splits = splits_of("translation", examples=200, tokens=150, **WORDS)
    for batches in (splits.train, splits.validation, splits.test):
        for index in range(len(batches)):
            inputs, targets, _ = batches[index]
            assert inputs["source"].size + targets.size <= 150
    assert max(len(splits.train[index][1]) for index in range(len(splits.train))) > 1


def test_beams_and_greedy_outputs_have_a_bleu_each(monkeypatch):
    outputs = {"greedy": ["a b c d", "x"], "beam_search": ["a b c d e", "v w x y z"]}
    received = []

    def write(model, splits, examples, *, decoder, **options):
        received.append((decoder, options))
        return outputs[decoder]

    monkeypatch.setattr(translation.generation_metrics, "decode_texts", write)
    monkeypatch.setattr(translation.generation_metrics, "likelihood", lambda model, batches: {"nats": batches})
    monkeypatch.setattr(
        translation.generation_metrics, "coverage_deviation", lambda model, batches: {"coverage_deviation": -batches}
    )
    raw = {"validation": [{"source": "", "target": target} for target in ("a b c d e", "v w x y z")]}
    splits = Splits(train=None, validation=2.0, test=None, vocabularies={}, fingerprint="", raw=raw)
    metrics = translation.evaluate(None, splits, "validation")
    # Greedy: of 5 words 5 are right, all pairs, triples and fours; 5 words for 10 are worth exp(1 - 10 / 5).
    assert metrics == {
        "bleu": pytest.approx(100),
        "greedy_bleu": pytest.approx(100 / 2.718281828),
        "nats": 2.0,
        "coverage_deviation": -2.0,
    }
    assert dict(received) == {"greedy": {}, "beam_search": {"beam_width": 5, "length_penalty": 0.6}}


def test_weights_are_averaged_before_outputs_are_measured(monkeypatch):
    splits = splits_of("translation", examples=40, **WORDS)
    model = model_of("translation", splits, units=2, embedding_size=2)
    monkeypatch.setattr(translation, "DECODED", 2)
    monkeypatch.setattr(
        translation.generation_metrics,
        "decode_texts",
        lambda model, splits, examples, **_: [e["target"] for e in examples],
    )
    averaged, decoded = translation.callbacks(model, splits)
    assert isinstance(averaged, AveragedWeights) and averaged.epochs == 3
    assert isinstance(decoded, DecodedMetrics)
    assert list(decoded.references) == [pair["target"] for pair in splits.raw["validation"][:2]]
    decoded.set_model(model)
    logs = {}
    decoded.on_epoch_end(0, logs)
    assert logs == {"val_bleu": pytest.approx(100)}
