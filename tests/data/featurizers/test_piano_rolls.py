import io

import mido
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.conftest import ROOT
from zoo.data.featurizers import piano_rolls
from zoo.data.readers.chorales import piano_roll
from zoo.data.synthetic import melodies
from zoo.storage.files import DataError

PIECE = piano_roll([[60, 64], [60, 65], [], [60], []])


@given(arrays.arrays("bool", st.tuples(st.integers(1, 12), st.just(88))), st.sampled_from([1, 2, 4]))
def test_rolls_come_back(tmp_path_factory, roll, steps_per_beat):
    path = tmp_path_factory.mktemp("midi") / "piece.mid"
    piano_rolls.write(path, roll, steps_per_beat=steps_per_beat)
    np.testing.assert_array_equal(piano_rolls.read(path, steps_per_beat=steps_per_beat), roll)


def test_a_generated_piece_comes_back(tmp_path):
    roll = melodies.generate(1)[0]["target"]
    piano_rolls.write(tmp_path / "piece.mid", roll)
    np.testing.assert_array_equal(piano_rolls.read(tmp_path / "piece.mid"), roll)


def test_repeated_notes_are_held_and_the_tempo_is_kept(tmp_path):
    path = tmp_path / "piece.mid"
    piano_rolls.write(path, PIECE, beats_per_minute=120, steps_per_beat=2)
    file = mido.MidiFile(path)
    # Two steps a beat and 120 beats a minute: a quarter of a second each.
    now, events = 0.0, []
    for message in file:
        now += message.time
        if not message.is_meta:
            events.append((round(now, 3), message.type, message.note))
    assert events == [
        (0.0, "note_on", 60),
        (0.0, "note_on", 64),
        (0.25, "note_off", 64),
        (0.25, "note_on", 65),
        (0.5, "note_off", 60),
        (0.5, "note_off", 65),
        (0.75, "note_on", 60),
        (1.0, "note_off", 60),
    ]
    assert file.length == pytest.approx(1.25)


def test_files_of_others(tmp_path):
    """Two tracks, a note that ends by velocity 0, a short one, a drum, one that never ends."""
    message = mido.Message
    first = [message("note_on", note=60, time=0), message("note_on", note=60, velocity=0, time=200)]
    second = [
        message("note_on", note=60, channel=9, time=0),
        message("note_on", note=72, channel=1, time=100),
        message("note_off", note=72, channel=1, time=10),
        message("note_on", note=48, channel=1, time=90),
        mido.MetaMessage("end_of_track", time=100),
    ]
    path = tmp_path / "other.mid"
    mido.MidiFile(ticks_per_beat=100, tracks=[mido.MidiTrack(first), mido.MidiTrack(second)]).save(path)
    np.testing.assert_array_equal(piano_rolls.read(path), piano_roll([[60], [60, 72], [48]]))


def test_what_is_no_midi_file(write):
    with pytest.raises(DataError, match=r"piece\.mid: expected a MIDI file, found"):
        piano_rolls.read(write("piece.mid", "no music"))
    path = write("high.mid", "")
    note = mido.Message("note_on", note=109)
    mido.MidiFile(tracks=[mido.MidiTrack([note])]).save(path)
    with pytest.raises(DataError, match=r"high\.mid: expected notes of 21 to 108, found the note 109"):
        piano_rolls.read(path)


@pytest.mark.parametrize(
    ("roll", "options", "message"),
    [
        (np.zeros((3, 12)), {}, r"\(steps, 88\), received: shape \(3, 12\)"),
        (PIECE, {"steps_per_beat": 7}, "must divide 480, received: 7"),
        (PIECE, {"beats_per_minute": 0}, "4 to 1000, received: 0"),
    ],
)
def test_what_is_no_roll_leaves_the_old_file(tmp_path, roll, options, message):
    path = tmp_path / "piece.mid"
    piano_rolls.write(path, PIECE)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=message):
        piano_rolls.write(path, roll, **options)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["piece.mid"]


def test_drums_alone_and_bytes():
    content = io.BytesIO()
    track = mido.MidiTrack()
    for channel, note in ((9, 36), (0, 60)):
        track.append(mido.Message("note_on", channel=channel, note=note, time=0))
        track.append(mido.Message("note_off", channel=channel, note=note, time=120))
    mido.MidiFile(ticks_per_beat=480, tracks=[track]).save(file=content)
    heard = piano_rolls.read("a.mid", content=content.getvalue(), drums=True, steps_per_beat=4)
    assert np.argwhere(heard).tolist() == [[0, 36 - 21]]
    assert np.argwhere(piano_rolls.read("a.mid", content=content.getvalue(), steps_per_beat=4)).tolist() == [
        [1, 60 - 21]
    ]
    with pytest.raises(DataError, match="a.mid: expected a MIDI file"):
        piano_rolls.read("a.mid", content=b"no")


CASES = ROOT / "tests" / "data" / "cases" / "midi"


def test_a_key_that_there_is_not_leaves_the_notes():
    np.testing.assert_array_equal(piano_rolls.read(CASES / "key_8_sharps.mid"), piano_roll([[60]] * 4))


def test_time_in_frames_of_film_is_refused():
    with pytest.raises(DataError, match=r"smpte\.mid: expected time in ticks a beat, 1 or more, found frames of film"):
        piano_rolls.read(CASES / "smpte.mid")


@pytest.mark.parametrize("tracks", [[], [mido.MidiTrack([mido.MetaMessage("end_of_track")])]])
def test_a_file_without_notes_is_refused_by_its_name(tmp_path, tracks):
    mido.MidiFile(tracks=tracks).save(tmp_path / "empty.mid")
    with pytest.raises(DataError, match=r"empty\.mid: expected a piece of one step or more"):
        piano_rolls.read(tmp_path / "empty.mid")


def test_the_length_of_a_piece_is_bounded(tmp_path):
    path = CASES / "long_rest.mid"
    with pytest.raises(DataError, match=r"long_rest\.mid: expected a piece of at most 100,000 steps, found 2,796,204"):
        piano_rolls.read(path)
    assert piano_rolls.read(path, maximum_steps=3_000_000).shape == (2796204, 88)
    piano_rolls.write(tmp_path / "a.mid", PIECE)
    with pytest.raises(DataError, match=r"a\.mid: expected a piece of at most 4 steps, found 5"):
        piano_rolls.read(tmp_path / "a.mid", maximum_steps=4)


@pytest.mark.parametrize("rolls", [piano_rolls.PianoRolls(), piano_rolls.PianoRolls(steps_per_beat=4, drums=True)])
def test_rolls_of_one_kind_come_back(tmp_path, rolls):
    rolls.write(tmp_path / "a.mid", PIECE)
    np.testing.assert_array_equal(rolls.encode(tmp_path / "a.mid"), PIECE)
    assert {one.channel for one in mido.MidiFile(tmp_path / "a.mid") if not one.is_meta} == {9 * rolls.drums}
    other = piano_rolls.PianoRolls(steps_per_beat=rolls.steps_per_beat, drums=not rolls.drums)
    assert not other.encode(tmp_path / "a.mid").any()


def test_steps_that_no_file_holds():
    with pytest.raises(ValueError, match="steps_per_beat must divide 480, received: 7"):
        piano_rolls.PianoRolls(steps_per_beat=7)
