import numpy as np
import pytest

from tests.runs import splits_of
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import pronunciation
from zoo.storage.files import DataError

ABC = "bdfgklmn"
DICTIONARY = "".join(f"ab{'c' * n} EY1 B{' K' * n}\nab{'c' * n}(2) AE0 B{' K' * n} # another\n" for n in range(60))


def test_a_short_run_is_measured_and_drawn(tmp_path):
    # Words of one length.
    lines = [f"{a}{b}{c} {a.upper()} {b.upper()} {c.upper()}\n" for a in ABC for b in ABC for c in ABC]
    (tmp_path / "mine.dict").write_text("".join(lines))
    settings = Settings(quick=True, epochs=1, verbose=0)
    arguments = {"data": str(tmp_path / "mine.dict"), "units": 16, "batch_size": 16}
    run = train("pronunciation", out=tmp_path / "run", settings=settings, **arguments)
    test = run.metrics["test"]
    assert set(test) == {"phoneme_error", "word_error", "greedy_word_error", "nats", "perplexity", "accuracy"}
    assert np.isfinite(list(test.values())).all()
    assert (run.folder / "alignments.png").stat().st_size > 5000
    assert "val_word_error" in (run.folder / "history.csv").read_text().splitlines()[0]


@pytest.mark.slow
def test_a_quick_run_learns_to_speak(tmp_path):
    # Words of one length; the first letter is silent before its like.
    lines = [
        f"{a}{b}{c} {'AH' if a == b else a.upper()} {b.upper()} {c.upper()}\n" for a in ABC for b in ABC for c in ABC
    ]
    (tmp_path / "mine.dict").write_text("".join(lines))
    settings = Settings(quick=True, epochs=6, verbose=0)
    arguments = {"data": str(tmp_path / "mine.dict"), "units": 32, "batch_size": 16}
    run = train("pronunciation", out=tmp_path / "run", settings=settings, **arguments)
    test = run.metrics["test"]
    assert set(test) == {"phoneme_error", "word_error", "greedy_word_error", "nats", "perplexity", "accuracy"}
    assert test["word_error"] < 0.5  # chance: 1 - 1/512
    assert test["phoneme_error"] <= test["word_error"]
    assert (run.folder / "alignments.png").stat().st_size > 5000
    assert "val_word_error" in (run.folder / "history.csv").read_text().splitlines()[0]


def test_a_dictionary(tmp_path):
    (tmp_path / "cmudict.dict").write_text(DICTIONARY)
    for name in (tmp_path, tmp_path / "cmudict.dict"):
        splits = splits_of("pronunciation", data=str(name), batch_size=4)
        assert sum(len(part) for part in splits.raw.values()) == 120
        assert splits.vocabularies["target"].tokens[4:] == ["K", "B", "AE", "EY"]
        # All pronunciations of a word are in one split.
        words = {part: {example["source"] for example in splits.raw[part]} for part in splits.raw}
        assert not words["train"] & (words["test"] | words["validation"])
    with_stress = splits_of("pronunciation", data=str(tmp_path), stress=True)
    assert {"AE0", "EY1"} <= set(with_stress.vocabularies["target"].tokens)


def test_a_folder_without_a_dictionary(tmp_path):
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(
        DataError, match=r"\(CMUdict\) \(notes\.md: its first word has no phonemes\).*, found notes\.md"
    ):
        splits_of("pronunciation", data=str(tmp_path))


def test_a_word_is_spoken_once_and_any_of_its_pronunciations_is_right(monkeypatch):
    splits = splits_of("pronunciation", examples=300, batch_size=4)
    splits.raw["test"] = [
        {"source": "ab", "target": "EY B"},
        {"source": "cab", "target": "K AE B"},
        {"source": "ab", "target": "AE B"},
    ]
    asked = []

    def write(model, splits, examples, **decoding):
        asked.append(([example["source"] for example in examples], decoding["decoder"]))
        return ["AE B", "K EY B"]

    monkeypatch.setattr(pronunciation.generation_metrics, "decode_texts", write)
    monkeypatch.setattr(pronunciation.generation_metrics, "likelihood", lambda *_: {})
    figures = pronunciation.evaluate(None, splits)
    assert asked == [(["ab", "cab"], "beam_search"), (["ab", "cab"], "greedy")]
    assert figures == {"phoneme_error": 1 / 5, "word_error": 1 / 2, "greedy_word_error": 1 / 2}


@pytest.mark.slow
@pytest.mark.real_data
def test_cmudict(real_data):
    splits = splits_of("pronunciation", data=str(real_data / "cmudict"))
    words = {part: pronunciation.pronunciations_of(splits.raw[part]) for part in splits.raw}
    assert sum(map(len, words.values())) == 126052
    assert len(splits.vocabularies["target"]) == 39 + 4
    assert all(len(ids) <= pronunciation.LONGEST for ids in splits.test.targets)
