import json

import numpy as np
import pytest

from zoo.storage.data_error import DataError, damage_as_data_error, parse_json, parse_numbers, parse_whole_number


@pytest.mark.parametrize(
    "error", [IndexError("a frame"), RuntimeError("odd\nmore"), ZeroDivisionError(), OSError(22, "x")]
)
def test_what_a_decoder_raises_names_the_file(error):
    with (
        pytest.raises(DataError, match=rf"a\.gif:3: expected a film, found damage \({type(error).__name__}: ") as found,
        damage_as_data_error("a.gif", "a film", line=3),
    ):
        raise error
    assert found.value.__cause__ is error and "more" not in str(found.value)


@pytest.mark.parametrize(
    "error", [DataError("b.gif", 1, "frames", "none"), ModuleNotFoundError("mido"), KeyboardInterrupt()]
)
def test_what_is_no_damage_stays_what_it_is(error):
    with pytest.raises(type(error)) as found, damage_as_data_error("a.gif", "a film"):
        raise error
    assert found.value is error


@pytest.mark.parametrize(
    "value", [{"a": [1, 2.5, None, True, "ä\t😀"]}, "x", [[[0]]] * 200, json.loads("[" * 99 + "]" * 99)]
)
def test_json_is_read(value):
    assert parse_json(json.dumps(value), "a.json") == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[" * 101 + "]" * 101, "more than 100 levels"),
        ("[" * 100_000, "more than 100 levels"),
        ('{"a":' * 200 + "1" + "}" * 200, "more than 100 levels"),
        ("9" * 5000, "Exceeds the limit"),
        ('{"a": NaN}', "NaN, which is no number of JSON"),
        ("[-Infinity]", "-Infinity, which is no number of JSON"),
        (r'{"a": "\u0000"}', r"the character U\+0000"),
        (r'{"\ud83d": 1}', r"the character U\+D83D"),
        ("", "Expecting value"),
    ],
)
def test_what_is_no_json_is_named_with_its_line(text, found):
    with pytest.raises(DataError, match=rf"a\.json:7: expected an object, found .*{found}"):
        parse_json(text, "a.json", 7, expected="an object")


def test_a_line_of_json_is_counted_where_none_is_given():
    with pytest.raises(DataError, match=r"a\.json:3: expected JSON, found Expecting value"):
        parse_json('{"a":\n1,\n"b": }', "a.json")


def test_whole_numbers():
    assert [parse_whole_number(text) for text in ("0", "007", "9" * 18)] == [0, 7, 10**18 - 1]
    assert not [text for text in ("", "-1", "1.0", "²", "٣", "9" * 5000) if parse_whole_number(text) is not None]


def test_numbers():
    assert parse_numbers(["1", " -2.5 ", "1e3"]).tolist() == [1, -2.5, 1000]
    assert np.isinf(parse_numbers(["1e39", "inf"])).all()
    for wrong in ("1_5", "x", ""):
        with pytest.raises(ValueError, match=f"could not convert string to float: '{wrong}'"):
            parse_numbers(["1", wrong])
