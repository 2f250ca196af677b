import numpy as np
import pytest

from zoo.data.readers.spoken_digits import Recording
from zoo.data.synthetic.spoken_strings import CUT, SILENCE, speak


def loud(digit, speaker, index, count=100):
    """A recording whose samples tell what it is."""
    return Recording(digit, speaker, index, 1000, np.full(count + digit, 0.1 * (digit + 1) + 0.01 * index))


RECORDINGS = [loud(digit, speaker, index) for digit in range(4) for speaker in ("ann", "bob") for index in range(3)]
RECORDINGS.append(loud(9, "bob", 0))


def test_every_span_holds_a_recording_of_its_digit():
    for one in speak(RECORDINGS, ["0", "312", "33"], seed=3):
        assert len(one.spans) == len(one.digits)
        for digit, (begin, end) in zip(one.digits, one.spans, strict=True):
            assert end - begin == 100 + int(digit)
            (level,) = set(one.samples[begin:end].round(4))
            assert int(level * 10) - 1 == int(digit)
        edges = [0, *one.spans.ravel().tolist(), len(one.samples)]
        pauses = list(zip(edges[::2], edges[1::2], strict=True))
        if pauses[0] == (0, 0):  # cut to what is said
            assert pauses[-1] == (edges[-1], edges[-1])
            pauses = pauses[1:-1]
        for begin, end in pauses:
            assert SILENCE[0] * 1000 - 1 <= end - begin <= SILENCE[1] * 1000
            assert one.samples[begin:end].std() > 0
        assert one.samples.dtype == "float32"


def test_a_third_of_the_strings_are_cut_to_what_is_said():
    cut = [one.spans[0, 0] == 0 for one in speak(RECORDINGS, ["21"] * 300)]
    assert np.mean(cut) == pytest.approx(CUT, abs=0.08)


def test_a_seed_decides_and_speakers_and_takes_vary():
    strings = ["12"] * 30
    first, again, other = (speak(RECORDINGS, strings, seed=seed) for seed in (1, 1, 2))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.samples, two.samples)
    assert {one.speaker for one in first} == {"ann", "bob"}
    assert len({round(float(one.samples[one.spans[0, 0]]), 3) for one in first}) == 3
    assert any(len(one.samples) != len(two.samples) for one, two in zip(first, other, strict=True))


def test_only_who_can_say_all_digits_speaks():
    assert {one.speaker for one in speak(RECORDINGS, ["19"] * 20)} == {"bob"}
    for string in ("5", ""):
        with pytest.raises(ValueError, match=f"No speaker has recordings of all digits of '{string}'"):
            speak(RECORDINGS, [string])
    with pytest.raises(ValueError, match=r"Received: \[8000, 16000\]"):
        speak([Recording(0, "a", 0, rate, np.ones(5)) for rate in (16000, 8000)], ["0"])


def test_which_digit_sounds_where():
    (one,) = speak(RECORDINGS, ["30"])
    (a, b), (c, d) = one.spans
    assert one.digits_at(np.array([0, a - 1, a, b - 1, b, c, d - 1, d])) == [None, None, 3, 3, None, 0, 0, None]
    assert one.sound[0] == 1000
