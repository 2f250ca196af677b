"""Files by the split that their names say, as published sets name them."""

import pytest

from zoo.data.readers.formats import Format
from zoo.recipes.common.split_files import find_split_files, read_files, split_of
from zoo.storage.files import DataError

WORDS = Format(
    "words", lambda head: "" if head.first.islower() else "line 1 has capitals", lambda path: path.read_text().split()
)
ANY = Format("any text", lambda head: "" if head.lines else "it has no lines", lambda path: ["any"], is_plain=True)


def fill(folder, **contents):
    for name, text in contents.items():
        path = folder / name.replace("__", "/").replace("_0_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names(files):
    return {split: [file.path.name for file in own] for split, own in files.items()}


@pytest.mark.parametrize(
    ("name", "split", "group"),
    [
        ("en_ewt-ud-train.conllu.gz", "train", "en_ewt-ud"),
        ("eng.testa", "validation", "eng"),
        ("eng.testb", "test", "eng"),
        ("wnut17train.conll", "train", "wnut17"),
        ("emerging.dev.conll", "validation", "emerging"),
        ("emerging.test.annotated", "test", "emerging"),
        ("train_5500.label", "train", "5500"),
        ("TREC_10.label", "test", ""),
        ("tasks_train_addprim_jump.txt", "train", "tasks_addprim_jump"),
        ("BasicMotions_TEST.ts", "test", "BasicMotions"),
        ("train-images.idx3-ubyte", "train", "images"),
        ("t10k-images-idx3-ubyte.gz", "test", "images-idx3-ubyte"),
        ("test_2016_flickr.lc.norm.tok.de", "test", "2016_flickr.lc.norm.tok"),
        ("german-train-high", "train", "german_high"),
        ("deu.trn", "train", "deu"),
        ("fre_dev.tsv", "validation", "fre"),
        ("ptb.valid.txt", "validation", "ptb"),
        ("latest.txt", "", "latest"),
        ("contest.txt", "", "contest"),
    ],
)
def test_splits_of_published_names(name, split, group):
    assert split_of(name)[:2] == (split, group)


def test_files_are_found_by_what_they_hold(tmp_path):
    fill(tmp_path, train="a b", test="c", readings="NO WORDS", notes="d", README_0_md="e")
    assert read_files(find_split_files(tmp_path, [WORDS])) == {"train": ["a", "b"], "test": ["c"]}


def test_a_split_that_no_file_gives_is_told(tmp_path):
    fill(tmp_path, train_0_tsv="a", dev_0_tsv="b", test_0_tsv="WITHOUT LABELS")
    with pytest.warns(UserWarning, match=r"left out, as of none of the formats that are read: test\.tsv"):
        assert set(find_split_files(tmp_path, [WORDS])) == {"train", "validation"}


def test_one_file_alone_has_no_split(tmp_path):
    fill(tmp_path, mine="a", notes="NOTES")
    assert read_files(find_split_files(tmp_path, [WORDS])) == {"": ["a"]}


def test_any_text_yields_to_another_format(tmp_path):
    """The Universal Dependencies have the text of every NAME.conllu in NAME.txt."""
    fill(tmp_path, ud_train_0_conllu="a", ud_train_0_txt="A text.", ud_test_0_conllu="b", ud_test_0_txt="A text.")
    assert read_files(find_split_files(tmp_path, [WORDS, ANY])) == {"train": ["a"], "test": ["b"]}


def test_numbered_files_of_a_split_are_joined(tmp_path):
    """As cs_pdt-ud-train-c.conllu and its three others."""
    for part in "lc":
        (tmp_path / f"cs_pdt-ud-train-{part}.conllu").write_text(part)
    (tmp_path / "cs_pdt-ud-test.conllu").write_text("t")
    assert read_files(find_split_files(tmp_path, [WORDS])) == {"train": ["c", "l"], "test": ["t"]}


def test_several_files_for_a_split_are_refused_or_chosen(tmp_path):
    fill(tmp_path, train_big="a", train_small="b", test="c")
    with pytest.raises(ValueError, match=r"train_big and train_small in .*, both for train\. Move one away, or pass"):
        find_split_files(tmp_path, [WORDS])
    with pytest.raises(ValueError, match=r"or choose one with --size: big, small"):
        find_split_files(tmp_path, [WORDS], option="--size")
    assert names(find_split_files(tmp_path, [WORDS], prefer="big")) == {"train": ["train_big"], "test": ["test"]}
    assert read_files(find_split_files(tmp_path, [WORDS], joined=["train"]))["train"] == ["a", "b"]


def test_one_of_several_sets_is_named_by_its_group(tmp_path):
    for split in ("simple", "addprim_jump", "addprim_complex_jump_num1"):
        fill(tmp_path, **{f"tasks_train_{split}_0_txt": "a", f"tasks_test_{split}_0_txt": "b"})
    for group in ("jump", "addprim_jump", "ADDPRIM_JUMP"):
        files = find_split_files(tmp_path, [WORDS], group=group)
        assert names(files)["train"] == ["tasks_train_addprim_jump.txt"]
    with pytest.raises(ValueError, match=r"--split names one of tasks_addprim_.*, tasks_simple.*Received: 'leap'"):
        find_split_files(tmp_path, [WORDS], group="leap", option="--split")


def test_a_group_may_go_on_where_its_splits_differ(tmp_path):
    """SIGMORPHON 2017: german-train-high, german-dev."""
    for name in ("german-train-high", "german-train-low", "german-dev", "french-dev", "french-train-high"):
        (tmp_path / name).write_text("a")
    files = find_split_files(tmp_path, [WORDS], group="german", prefer="-train-high")
    assert names(files) == {"train": ["german-train-high"], "validation": ["german-dev"]}


def test_folders_name_splits_and_groups(tmp_path):
    fill(tmp_path, train__fre_train_0_tsv="a", dev__fre_dev_0_tsv="b", train__ady_train_0_tsv="c")
    assert names(find_split_files(tmp_path, [WORDS], group="fre")) == {
        "train": ["fre_train.tsv"],
        "validation": ["fre_dev.tsv"],
    }
    fill(tmp_path / "sim", **{"sim-M__train_0_json": "a", "sim-R__train_0_json": "b"})
    assert names(find_split_files(tmp_path / "sim", [WORDS], group="sim-R")) == {"train": ["train.json"]}


def test_words_within_names_count_where_no_name_has_one_of_its_own(tmp_path):
    fill(tmp_path, mytrain="a", mytest="b")
    assert set(find_split_files(tmp_path, [WORDS])) == {"train", "test"}
    fill(tmp_path, train="c")
    assert names(find_split_files(tmp_path, [WORDS])) == {"train": ["train"]}


def test_a_folder_without_a_file_of_a_format(tmp_path):
    with pytest.raises(DataError, match=r"one of the formats: words \(there is no file\), found nothing"):
        find_split_files(tmp_path, [WORDS])
    fill(tmp_path, one="NO", two="NO")
    with pytest.raises(DataError, match=r"words \(one: line 1 has capitals\), found one, two"):
        find_split_files(tmp_path, [WORDS])
    assert find_split_files(tmp_path, [WORDS], required=False) == {}
