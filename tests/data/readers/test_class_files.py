import pytest

from zoo.data.readers import class_files
from zoo.storage.files import DataError


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_lines_get_the_label_of_their_file(write, suffix):
    positive = write(f"rt-polarity.pos{suffix}", "a fine film . \nthe rock is destined\n")
    negative = write(f"rt-polarity.neg{suffix}", "dull\n")
    expected = [("dull", "neg"), ("a fine film .", "pos"), ("the rock is destined", "pos")]
    assert class_files.read({"neg": negative, "pos": positive}) == expected
    assert class_files.read_folder(positive.parent) == expected


def test_labels_are_the_names_of_the_files(write):
    write("names/French.txt.gz", "Dubois\n")
    write("names/Czech.txt", "Novák\nAdsit\n")
    folder = write("names/.hidden", "\x00").parent
    assert class_files.read_folder(folder) == [("Novák", "Czech"), ("Adsit", "Czech"), ("Dubois", "French")]


def test_empty_file(write):
    with pytest.raises(DataError, match="empty file"):
        class_files.read({"a": write("a.txt", "")})


def test_encoding(write):
    path = write("a.txt", "Adsit\nNovák\n", "latin-1")
    with pytest.raises(DataError, match=r"a\.txt:2: expected utf-8"):
        class_files.read({"a": path})
    assert class_files.read({"a": path}, encoding="latin-1")[1] == ("Novák", "a")


def test_empty_lines_are_passed_over(write):
    assert class_files.read({"a": write("a.txt", "one\n\ntwo\n\n")}) == [("one", "a"), ("two", "a")]


def test_line_ends_of_old_macs(write):
    assert class_files.read({"a": write("a.txt", "one\rtwo\r")}) == [("one", "a"), ("two", "a")]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a.txt", "b.csv"], "found 'b.csv'"),
        (["a.txt"], r"the labels \['a'\]"),
        (["a.txt", "a.txt.gz", "b.txt"], "'a.txt' and 'a.txt.gz'"),
    ],
)
def test_folders_that_are_something_else(write, tmp_path, names, message):
    for name in names:
        write(f"folder/{name}", "x\n")
    with pytest.raises(DataError, match=message):
        class_files.read_folder(tmp_path / "folder")


@pytest.mark.real_data
def test_published_counts(real_data):
    polarity = class_files.read_folder(real_data / "rotten_tomatoes_mr")
    assert [label for _, label in polarity] == ["neg"] * 5331 + ["pos"] * 5331
    surnames = class_files.read_folder(real_data / "surnames")
    assert (len(surnames), len({label for _, label in surnames})) == (20050, 18)


def test_what_is_published_beside_the_classes_is_passed_over(write, tmp_path):
    for name in ("a.txt", "b.txt", "README.txt", "LICENSE"):
        write(name, "x\n")
    assert class_files.read_folder(tmp_path) == [("x", "a"), ("x", "b")]
    for name in ("rt.pos", "rt.neg"):
        write(name, "y\n")
    assert class_files.read_folder(tmp_path) == [("y", "neg"), ("y", "pos")]


def test_what_systems_write_beside_files_is_passed_over(write, tmp_path):
    for name in ("a.txt", "b.txt", "._a.txt", ".DS_Store", "desktop.ini", "Thumbs.db"):
        write(name, "x\n")
    assert class_files.read_folder(tmp_path) == [("x", "a"), ("x", "b")]
