import json

import numpy as np
import pytest
from scipy.io import wavfile

from tests.runs import SPOKEN, SPOKEN_TASKS, model_of, splits_of
from zoo.data.readers import wav
from zoo.data.synthetic.digit_strings import WORDS
from zoo.recipes.common.speech_answers import errors_of, maximum_length_of, task_of


def test_digits_are_trained_and_measured(spoken):
    assert set(spoken["digit"].metrics["test"]) == {"accuracy", "f1", "nats"}
    assert spoken["digit"].metrics["test"]["accuracy"] > 0.2  # chance: 0.1


@pytest.mark.slow
def test_every_task_is_trained_and_measured(spoken):
    measured = {task: set(spoken[task].metrics["test"]) for task in SPOKEN_TASKS}
    strings = {"digit_error", "exact", "greedy_digit_error", "greedy_exact", "nats"}
    assert measured == {
        "digit": {"accuracy", "f1", "nats"},
        "frames": {"accuracy"},
        "spell": strings | {"perplexity", "accuracy"},
        "ctc": strings,
        "text": {"nats", "perplexity", "accuracy"},
    }
    assert spoken["digit"].metrics["test"]["accuracy"] > 0.2  # chance: 0.1
    assert spoken["frames"].metrics["test"]["accuracy"] > 0.2
    for task, picture in (("spell", "alignments.png"), ("ctc", "labels.png"), ("frames", "labels.png")):
        if task != "spell" or (spoken[task].folder / picture).exists():  # after an epoch it may write nothing
            assert (spoken[task].folder / picture).stat().st_size > 5000


def test_a_sound_file_is_classified_from_the_terminal(spoken, command, tmp_path):
    rate, samples = splits_of("speech", **{name: SPOKEN[name] for name in ("takes", "mel_bins", "stride")}).raw["test"][
        0
    ][0]
    wav.write(tmp_path / "one.wav", rate, samples)
    output, errors, code = command("predict", spoken["digit"].folder, tmp_path / "one.wav")
    assert (code, errors) == (0, "")
    assert output.split()[0] in WORDS
    output, errors, code = command("predict", spoken["digit"].folder, "--json", tmp_path / "one.wav")
    assert (code, errors) == (0, "")
    answer = json.loads(output)
    assert answer["probability"] == pytest.approx(answer["probabilities"][answer["output"]])
    _, errors, code = command("predict", spoken["digit"].folder, tmp_path / "none.wav")
    assert code
    assert "none.wav" in errors


@pytest.mark.slow
def test_sounds_are_heard_from_the_terminal(spoken, command, tmp_path):
    rate, samples = splits_of("speech", **{name: SPOKEN[name] for name in ("takes", "mel_bins", "stride")}).raw["test"][
        0
    ][0]
    wav.write(tmp_path / "one.wav", rate, samples)
    wavfile.write(tmp_path / "wide.wav", 16000, np.repeat(samples, 2))
    with pytest.warns(UserWarning, match="resampled from 16000"):
        output, _, _ = command("predict", spoken["digit"].folder, tmp_path / "one.wav", tmp_path / "wide.wav")
    one, wide = output.splitlines()
    assert one.split()[0] == wide.split()[0]
    assert one.split()[0] in WORDS
    output, errors, code = command("predict", spoken["frames"].folder, tmp_path / "one.wav")
    assert (code, errors) == (0, "")
    frames = len(spoken["frames"].vocabularies["frames"].encode((rate, samples)))
    assert sum(int(lasts) for lasts in output.split()[2::3]) == frames
    output, errors, code = command("predict", spoken["ctc"].folder, "--json", tmp_path / "one.wav")
    assert (code, errors) == (0, "")
    told = json.loads(output)
    assert told["probability"] == pytest.approx(told["probabilities"][told["output"]])
    # Whatever it has learned, symbols before the end.
    lengths = {"minimum_length": 3, "maximum_length": 5}
    options = ("--minimum-length", 3, "--maximum-length", 5, "--alignments", tmp_path / "looked.png")
    output, errors, code = command("generate", spoken["spell"].folder, tmp_path / "one.wav", *options)
    assert (code, errors) == (0, "")
    assert (tmp_path / "looked.png").stat().st_size > 5000
    ((written,),) = spoken["spell"].generate([str(tmp_path / "one.wav")], decoder="greedy", **lengths)
    assert output.strip() == written.text
    frames = len(spoken["spell"].vocabularies["source"].encode((rate, samples)))
    assert written.alignment.shape[1] == -(-frames // 2)
    _, errors, code = command("predict", spoken["digit"].folder, tmp_path / "none.wav")
    assert code
    assert "none.wav" in errors


def test_what_strings_are_written_as():
    options = {"takes": 3, "examples": 20, "task": "ctc", "mel_bins": 8, "stride": 25.0}
    words, characters, digits = (
        splits_of("speech", **options, transcript=o) for o in ("words", "characters", "digits")
    )
    for (_, word), (_, character), (_, digit) in zip(
        *(splits.raw["test"] for splits in (words, characters, digits)), strict=True
    ):
        assert word == character == " ".join(WORDS[int(d)] for d in digit)
    assert set(words.vocabularies["labels"].tokens[4:]) <= set(WORDS)
    assert len(characters.vocabularies["labels"].tokens[4]) == 1
    assert [task_of(splits) for splits in (words, characters, digits)] == ["ctc"] * 3
    assert [list(errors_of([splits.raw["test"][0][1]])) for splits in (words, digits)] == [["digit_error"]] * 2
    assert list(errors_of(["yes", "no one"])) == ["word_error", "character_error"]


def test_tests_are_the_same_for_every_seed_of_a_training(real_recordings):
    one, other = (
        splits_of("speech", data=str(real_recordings), task="ctc", examples=20, mel_bins=8, seed=seed)
        for seed in (0, 1)
    )
    for (a, said), (b, again) in zip(one.raw["test"], other.raw["test"], strict=True):
        assert said == again
        np.testing.assert_array_equal(a[1], b[1])
    assert [said for _, said in one.raw["train"]] != [said for _, said in other.raw["train"]]


@pytest.fixture
def real_recordings(tmp_path):
    """A folder of files as they are published, three takes of each digit by two speakers."""
    from zoo.data.synthetic import speech as voices

    for one in voices.generate(3):
        wav.write(tmp_path / f"{one.digit}_{one.speaker}_{one.index}.wav", one.rate, one.samples)
    return tmp_path


def test_recordings_in_a_folder_and_a_speaker_held_out(real_recordings):
    splits = splits_of("speech", data=str(real_recordings), mel_bins=8)
    assert {name: len(part) for name, part in splits.raw.items()} == {"train": 60, "validation": 20, "test": 20}
    held_out = splits_of("speech", data=str(real_recordings), mel_bins=8, held_out="voice1", perturb=False)
    assert {name: len(part) for name, part in held_out.raw.items()} == {"train": 20, "validation": 10, "test": 30}


@pytest.fixture
def own(tmp_path):
    """A folder of sounds with a table, of another rate."""
    lines = ["file\ttext"]
    for number in range(20):
        samples = np.sin(np.arange(3000) * (0.1 + 0.05 * (number % 2))) * 0.5
        wav.write(tmp_path / f"{number}.wav", 16000, samples)
        lines.append(f"{number}.wav\t{'come here' if number % 2 else 'go'}")
    (tmp_path / "said.tsv").write_text("\n".join(lines) + "\n")
    return tmp_path


@pytest.mark.parametrize("task", ["digit", "ctc", "spell"])
def test_own_sounds(own, task):
    with pytest.warns(UserWarning, match="20 sounds were resampled from 16000 to 8000"):
        splits = splits_of("speech", data=str(own), task=task)
    assert [len(splits.raw[name]) for name in ("train", "validation", "test")] == [16, 2, 2]
    if task == "spell":
        assert maximum_length_of(splits) == 5 + 3  # "come here" and its end
    known = splits.vocabularies["target" if task == "spell" else "labels"]
    names = known.names if task == "digit" else sorted(known.tokens[4:])
    assert names == (["come here", "go"] if task == "digit" else ["come", "go", "here"])


def test_what_cannot_be_asked_for(own, tmp_path):
    with pytest.raises(ValueError, match="task"):
        splits_of("speech", task="digits")
    with pytest.raises(ValueError, match="transcript"):
        splits_of("speech", task="ctc", transcript="word")
    with pytest.raises(ValueError, match="Labels a frame are known of strings of digits alone"):
        splits_of("speech", data=str(own), task="frames")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="expected spoken digits .*, or a table"):
        splits_of("speech", data=str(tmp_path / "empty"))
    deep = {"takes": 3, "examples": 20, "task": "ctc", "transcript": "characters", "stride": 40.0, "mel_bins": 8}
    with pytest.raises(ValueError, match="take fewer layers of the pyramid"):
        model_of("speech", splits_of("speech", **deep), task="ctc", layers=3, units=4)


@pytest.mark.slow
@pytest.mark.real_data
def test_free_spoken_digits(real_data):
    splits = splits_of("speech", data=str(real_data / "free_spoken_digits"), held_out="theo", mel_bins=8, stride=40.0)
    assert {name: len(part) for name, part in splits.raw.items()} == {"train": 6750, "validation": 250, "test": 500}
