import pytest

from zoo.tuning.space import arguments_of, fingerprint, read_space, scales, searched


def space(hp):
    return {
        "units": hp.Int("units", 8, 64, step=8),
        "rate": hp.Float("rate", 1e-4, 1e-2, sampling="log"),
        "cell": hp.Choice("cell", ["lstm", "gru"]),
        "twice": 2 * hp.Int("half", 1, 3),
    }


def test_what_is_given_is_not_searched():
    assert searched(read_space(space)) == ["units", "rate", "cell", "half"]
    found = read_space(space, fixed={"cell": "gru", "depth": 3}, without=["units"])
    assert searched(found) == ["rate", "half"]
    assert arguments_of(space, found, {**found.values, "rate": 0.001}) == {
        "units": 8,
        "rate": 0.001,
        "cell": "gru",
        "twice": 2,
    }


def test_given_as_none():
    assert "cell" not in searched(read_space(space, fixed={"cell": None}))


def test_numbers_that_a_person_can_type_again():
    found = read_space(space)
    values = {**found.values, "rate": 0.30000000000000004, "half": 3}
    assert arguments_of(space, found, values) == {"units": 8, "rate": 0.3, "cell": "lstm", "twice": 6}


def test_nothing_left_to_search():
    with pytest.raises(ValueError, match="needs something to vary"):
        read_space(space, fixed={"units": 8, "rate": 0.1, "cell": "gru", "half": 1})


def test_the_fingerprint_tells_spaces_apart():
    def wider(hp):
        return {**space(hp), "half": hp.Int("other", 1, 2)}

    assert fingerprint(read_space(space)) == fingerprint(read_space(space))
    assert fingerprint(read_space(space)) != fingerprint(read_space(wider))
    assert fingerprint(read_space(space)) != fingerprint(read_space(space, fixed={"cell": "gru"}))


def test_numbers_have_the_scale_on_which_they_are_searched():
    def mixed(hp):
        return {
            "units": hp.Int("units", 16, 64, step=16),
            "rate": hp.Float("rate", 1e-4, 1e-2, sampling="log"),
            "decay": hp.Float("decay", 0.9, 0.999, sampling="reverse_log"),
            "cell": hp.Choice("cell", ["gru", "lstm"]),
            "kernel": hp.Choice("kernel", [3, 5]),
        }

    expected = {"units": "linear", "rate": "log", "decay": "linear"}
    assert scales(read_space(mixed)) == expected
    del expected["rate"]
    assert scales(read_space(mixed, fixed={"rate": 1e-3})) == expected  # what is given is no axis
