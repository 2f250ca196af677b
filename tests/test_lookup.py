import pytest

from zoo.lookup import lookup

TABLE = {"lstm": 1, "gru": 2, "coupled_lstm": 3}


def test_a_known_name_gives_its_entry():
    assert lookup("cell", "gru", TABLE) == 2


@pytest.mark.parametrize(
    ("wrong", "meant"), [("lsmt", "'lstm'"), ("GRU ", "Known: lstm, gru, coupled_lstm"), ("grru", "'gru'")]
)
def test_a_wrong_name_is_answered_with_what_was_perhaps_meant(wrong, meant):
    with pytest.raises(ValueError, match=f"Unknown cell: {wrong!r}.*{meant}"):
        lookup("cell", wrong, TABLE)


@pytest.mark.parametrize("wrong", ["zzz", "", None, 3])
def test_a_name_like_none_of_them_is_answered_with_all(wrong):
    with pytest.raises(ValueError, match="Known: lstm, gru, coupled_lstm"):
        lookup("cell", wrong, TABLE)
