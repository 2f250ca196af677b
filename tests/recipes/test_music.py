import json
import re
from types import SimpleNamespace

import keras
import numpy as np
import pytest

import zoo
from tests.runs import splits_of
from zoo.data.featurizers import piano_rolls
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import music
from zoo.storage.files import DataError


def test_a_quick_run_goes_on_with_pieces(tmp_path):
    settings = Settings(quick=True, epochs=9, verbose=0)
    run = train("music", out=tmp_path / "run", settings=settings, examples=100, units=64)
    assert set(run.metrics["test"]) == {"nats"}
    assert run.metrics["test"]["nats"] < run.metrics["baseline"]["key_by_key_nats"]
    assert (run.folder / "piano_roll.png").stat().st_size > 5000
    pieces = splits_of("music", examples=100).raw["test"]
    for number in (1, 2, 3):
        heard = piano_rolls.read(run.folder / f"continuation_{number}.mid")
        opening = pieces[number - 1]["target"][: music.OPENING]
        np.testing.assert_array_equal(heard[: len(opening)], opening)
        assert len(heard) == music.OPENING + music.CONTINUATION

    # Every frame counts alike, in whichever piece and batch: the scores, frame by frame, of the loaded model.
    model = zoo.load(run.folder).model
    nats = []
    for piece in pieces:
        roll = piece["target"]
        before = np.concatenate([np.zeros_like(roll[:1]), roll[:-1]])
        scores = keras.ops.convert_to_numpy(model({"target": before[None]})["scores"][0]).astype("float64")
        nats += [(np.logaddexp(0, np.where(roll == 1, -scores, scores))).sum(axis=1)]
    assert run.metrics["test"]["nats"] == pytest.approx(np.concatenate(nats).mean(), rel=1e-4)


def test_only_training_pieces_are_transposed():
    plain, moved = splits_of("music", examples=20, transpose=0), splits_of("music", examples=20, transpose=2)
    assert len(moved.raw["train"]) == 5 * len(plain.raw["train"])
    for part in ("validation", "test"):
        assert len(moved.raw[part]) == len(plain.raw[part])
    five = np.stack([piece["target"].sum(axis=0) for piece in moved.raw["train"][:5]])
    for shift in range(-2, 3):
        np.testing.assert_array_equal(five[2 + shift][30:60], five[2][30 - shift : 60 - shift])


def test_keys_that_leave_the_piano_are_left_out():
    roll = np.zeros((2, 88), "float32")
    roll[:, [1, 86]] = 1
    assert [np.flatnonzero(moved[0]).tolist() for moved in music.transposed(roll, 3)] == [[0, 85], [1, 86], [2, 87]]
    with pytest.raises(ValueError, match="transpose is a number of semitones, 0 or more. Received: -1"):
        music.transposed(roll, -1)


def test_files(tmp_path):
    piece = [[60, 64, 67]] * 3
    path = tmp_path / "jsb-chorales-quarter.json"
    path.write_text(json.dumps({"train": [piece] * 3, "valid": [piece], "test": [piece, [[60]]]}))
    for name in (tmp_path, path):
        splits = splits_of("music", data=str(name), transpose=1)
        assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [9, 1, 2]
        assert splits.raw["test"][1]["target"].nonzero() == (np.array([0]), np.array([39]))


def test_a_folder_of_midi_files(tmp_path):
    with pytest.raises(DataError, match=r"JSON with pieces .* \(JSB chorales\), or MIDI files, found neither"):
        splits_of("music", data=str(tmp_path))
    rolls = [piece["target"] for piece in splits_of("music", examples=20, transpose=0).raw["train"]]
    for number in range(10):
        piano_rolls.write(tmp_path / f"{number}.mid", rolls[number])
    splits = splits_of("music", data=str(tmp_path), transpose=0)
    np.testing.assert_array_equal(splits.raw["validation"][0]["target"], rolls[1])
    assert splits.vocabularies == {"rolls": piano_rolls.PianoRolls()}


def test_a_folder_of_drums_is_read_by_sixteenths(tmp_path):
    for number in range(10):
        roll = np.zeros((8, 88), "float32")
        roll[number % 8, 15] = roll[number // 8, 17] = 1
        piano_rolls.PianoRolls(4, drums=True).write(tmp_path / f"{number}.mid", roll)
    splits = splits_of("music", data=str(tmp_path), transpose=3)
    assert splits.vocabularies == {"rolls": piano_rolls.PianoRolls(4, drums=True)}
    assert len(splits.raw["train"]) == 8  # a kit has no keys to be moved to
    assert np.argwhere(splits.raw["validation"][0]["target"]).tolist() == [[0, 17], [1, 15]]
    # For a model of pitches the same files are silent.
    silent = splits_of("music", data=str(tmp_path), vocabularies={"rolls": piano_rolls.PianoRolls()})
    assert not silent.raw["test"][0]["target"].any()


def save_run(folder, rolls):
    """A run of the recipe whose model knows nothing, and plays what a quarter of its keys say by chance."""
    model = zoo.build("language_model", features=88, units=4, layers=1)
    model.read_out.bias.assign(np.where(np.arange(88) % 4, -9.0, 0.0))
    vocabularies = {} if rolls is None else {"rolls": rolls}
    return zoo.save(folder, model, vocabularies=vocabularies, recipe={"recipe": "music", "arguments": {}})


@pytest.fixture(scope="module")
def player(tmp_path_factory):
    """A run of pitches, to be read only."""
    return save_run(tmp_path_factory.mktemp("runs") / "player", piano_rolls.PianoRolls())


def test_without_a_file_notes_are_printed_by_their_names(player, command):
    output, errors, code = command("generate", player, "--maximum-length", 3, "--seed", 1)
    assert code == 0
    assert errors == "zoo: --out FILE.mid, or --out FOLDER for several, writes .mid files\n"
    ((piece,),) = zoo.generate(zoo.load(player), 1, decoder="sampling", seed=1, maximum_length=3)
    sounding = [sorted(np.flatnonzero(step > 0.5)) for step in piece.tokens]
    assert [line.split()[0] for line in output.splitlines()] == ["1", "2", "3"]
    for line, keys in zip(output.splitlines(), sounding, strict=True):
        assert len(line.split()) == 1 + len(keys)
        assert all(re.fullmatch(r"([A-G][#b]?)\d", name) for name in line.split()[1:])


def test_a_piece_is_written_to_the_file_that_is_named(player, command, tmp_path):
    path = tmp_path / "new" / "song.mid"
    arguments = ["generate", player, "--maximum-length", 5, "--seed", 2, "--out", path]
    assert command(*arguments) == (f"{path}: 5 steps\n", "", 0)
    ((piece,),) = zoo.generate(zoo.load(player), 1, decoder="sampling", seed=2, maximum_length=5)
    np.testing.assert_array_equal(piano_rolls.read(path), piece.tokens)
    (output,) = json.loads(command(*arguments, "--json")[0])
    assert output["file"] == str(path) and np.shape(output["tokens"]) == (5, 88)


def test_several_pieces_go_into_a_folder(player, command, tmp_path):
    arguments = ["generate", player, "--maximum-length", 3, "--count", 2]
    output = command(*arguments, "--out", tmp_path / "songs")[0]
    assert [line.split(": ")[0] for line in output.splitlines()] == [
        str(tmp_path / "songs" / f"song_{number}_0.mid") for number in range(2)
    ]
    for out, message in (("song.mid", "one file for 2 outputs"), ("song.wav", "a file ending in .mid, or a folder")):
        output, errors, code = command(*arguments, "--out", tmp_path / out)
        assert (output, code) == ("", 2) and message in errors and errors.count("\n") == 1
    assert command(*arguments)[0].startswith("0_0:\n")


def test_an_opening_is_read_and_gone_on_from(player, command, tmp_path):
    """Also one that is longer than outputs are by default."""
    opening = np.zeros((120, 88), "float32")
    opening[np.arange(120), np.arange(120) % 80] = 1
    piano_rolls.write(tmp_path / "opening.mid", opening)
    for arguments in ([tmp_path / "opening.mid"], ["--prefix", tmp_path / "opening.mid"]):
        _, errors, code = command("generate", player, *arguments, "--out", tmp_path / "song.mid")
        assert (errors, code) == ("", 0)
        song = piano_rolls.read(tmp_path / "song.mid")
        np.testing.assert_array_equal(song[:120], opening)
        assert len(song) == 220
    output, errors, code = command("generate", player, "C major")
    assert (output, code) == ("", 2)
    assert errors == "zoo: An opening is the path of a MIDI file (.mid). Received: C major, which is no file.\n"
    (tmp_path / "text.mid").write_text("no music")
    assert "text.mid: expected a MIDI file" in command("generate", player, tmp_path / "text.mid")[1]


def test_a_model_of_drums_reads_and_writes_drums(command, tmp_path):
    drums = piano_rolls.PianoRolls(4, drums=True)
    run = save_run(tmp_path / "run", drums)
    opening = np.zeros((4, 88), "float32")
    opening[[0, 2], 15] = 1
    opening[3, 17] = 1
    drums.write(tmp_path / "opening.mid", opening)
    output, _, code = command("generate", run, tmp_path / "opening.mid", "--maximum-length", 6)
    assert code == 0
    assert [line.split() for line in output.splitlines()[:4]] == [
        ["1", "drum36"],
        ["2", "(silence)"],
        ["3", "drum36"],
        ["4", "drum38"],
    ]
    command("generate", run, tmp_path / "opening.mid", "--maximum-length", 6, "--out", tmp_path / "song.mid")
    np.testing.assert_array_equal(drums.encode(tmp_path / "song.mid")[:4], opening)


def test_a_run_from_before_there_were_drums_is_of_pitches(command, tmp_path):
    run = save_run(tmp_path / "run", None)
    assert command("generate", run, "--maximum-length", 2, "--out", tmp_path / "song.mid")[2] == 0
    assert piano_rolls.read(tmp_path / "song.mid").any()


def test_equal_steps_are_one_line():
    tokens = np.zeros((5, 88), "float32")
    tokens[:2, [39, 43]] = tokens[3:, 0] = 1
    run = SimpleNamespace(vocabularies={})
    assert music.format_output(SimpleNamespace(tokens=tokens), run).split("\n") == [
        "      1-2  C4 E4",
        "        3  (silence)",
        "      4-5  A0",
    ]


@pytest.mark.real_data
def test_chorales(real_data):
    splits = splits_of("music", data=str(real_data / "jsb_chorales"), transpose=0)
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [229, 76, 77]
