import pytest

from zoo.recipes.common.tfds_sources import from_tfds, read_parts

ALL = [(f"text {number}", str(number)) for number in range(20)]


def rows(values):
    return [{"text": text, "label": label} for text, label in values]


def read(name, ways=(("text", "label"),), **options):
    return from_tfds(f"tfds:{name}", ways, **options)


def test_splits_of_a_set_are_ours_by_whichever_name(stored):
    for number, name in enumerate(("validation", "valid", "val", "dev")):
        stored[f"set{number}"] = {"test": rows(ALL[:1]), "train": rows(ALL), name: rows(ALL[1:3]), "extra": rows(ALL)}
        assert read(f"set{number}") == {"train": ALL, "validation": ALL[1:3], "test": ALL[:1]}


def test_what_a_set_lacks_is_taken_from_what_it_has(stored):
    stored["tested"] = {"train": rows(ALL), "test": rows(ALL[:2])}
    stored["validated"] = {"train": rows(ALL), "validation": rows(ALL[:2])}
    kept = [ALL[number] for number in range(20) if number not in (1, 11)]
    for name in ("tested", "validated"):
        found = read(name)
        assert sorted(found["train"]) == sorted(kept)
        assert (found["validation"], found["test"]) == ([ALL[1], ALL[11]], ALL[:2])
    stored["alone"] = {"train": rows(ALL)}
    assert read("alone")["test"] == [ALL[0], ALL[10]]
    assert read("alone", split=lambda found: {"test": found}) == {"test": ALL}


def test_a_class_that_is_not_told_is_left_out_and_said(stored):
    stored["contest"] = {"train": rows([*ALL, ("b", None)]), "dev": rows(ALL[:2]), "test": rows([("c", None)] * 3)}
    with pytest.warns(UserWarning, match="tfds:contest: 4 examples whose class is not known"):
        assert sorted(read_parts("tfds:contest", [("text", "label")])) == ["train", "validation"]
    with pytest.warns(UserWarning, match="4 examples"):
        assert read("contest")["test"] == ALL[:2]


def test_the_first_way_that_a_set_has_is_read(stored):
    stored["mine"] = {"train": rows(ALL)}
    ways = [("words", "label"), ("label", "text"), ("text", "label")]
    assert read_parts("tfds:mine", ways, each=lambda label, text: f"{label} {text}")["train"][:2] == [
        "0 text 0",
        "1 text 1",
    ]
    rule = "features words and label, or words and tags. Received: tfds:mine, which has text, label"
    with pytest.raises(ValueError, match=rule):
        read_parts("tfds:mine", [("words", "label"), ("words", "tags")])


def test_a_set_without_training_is_an_error(stored):
    stored["held"] = {"test": rows(ALL)}
    with pytest.raises(ValueError, match="split train with examples. Received: tfds:held, with the splits test"):
        read("held")
