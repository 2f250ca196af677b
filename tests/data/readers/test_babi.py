import io
import json
import tarfile
from collections import Counter

import pytest

from zoo.data.readers import babi
from zoo.storage.files import DataError

LINES = """1 Ann sat in the hall.
2 Ben hid the key.
3 Where is Ann? \thall\t1
4 Cleo woke up.
5 What did they do?\tHid,woke\t4 2
1 Dora sang.
2 Who sang?\tDora\t1
"""
EXAMPLES = [
    {
        "story": ["Ann sat in the hall.", "Ben hid the key."],
        "question": "Where is Ann?",
        "answer": "hall",
        "supporting": [0],
        "task": None,
    },
    {
        "story": ["Ann sat in the hall.", "Ben hid the key.", "Cleo woke up."],
        "question": "What did they do?",
        "answer": "Hid,woke",
        "supporting": [2, 1],  # line 3 is a question and no sentence
        "task": None,
    },
    {"story": ["Dora sang."], "question": "Who sang?", "answer": "Dora", "supporting": [0], "task": None},
]


def text(name):
    return f"1 {name} slept.\n2 Who slept?\t{name}\t1\n"


def story_of(part):
    return [example["story"][0] for example in part]


def pack(path, files, mode="w:gz"):
    """An archive of texts by name; None is a link, and a list of texts several members of one name."""
    with tarfile.open(path, mode) as archive:
        for name, contents in files.items():
            for content in contents if isinstance(contents, list) else [contents]:
                member = tarfile.TarInfo(name)
                if content is None:
                    member.type, member.linkname = tarfile.SYMTYPE, "/etc/hostname"
                    archive.addfile(member)
                else:
                    raw = content if isinstance(content, bytes) else content.encode()
                    member.size = len(raw)
                    archive.addfile(member, io.BytesIO(raw))
    return path


FILES = {f"en/qa{number}_x-y_{part}.txt": text(f"{part}{number}") for number in (10, 2) for part in ("train", "test")}


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
@pytest.mark.parametrize("change", [str, lambda lines: lines.replace("\n", "\r\n"), lambda lines: lines + "\n \n"])
def test_one_file(write, name, change):
    assert babi.read_file(write(name, change(LINES))) == EXAMPLES


def test_stories_do_not_grow_after_the_question():
    first, second, _ = babi.parse(LINES.splitlines(), "a.txt", task=3)
    second["story"].append("more")
    assert len(first["story"]) == 2 and first["task"] == 3


def test_supporting_numbers_may_be_missing():
    lines = ["1 Dora sang.", "2 Who sang?\tDora", "3 Who sang?\tDora\t"]
    assert [example["supporting"] for example in babi.parse(lines, "a.txt")] == [[], []]


@pytest.mark.parametrize(
    ("lines", "place", "message"),
    [
        (["1 Ann sat.", "Ben sat."], 2, "a number and a sentence .*found 'Ben sat"),
        (["1 Ann sat.", "2"], 2, "a number and a sentence .*found '2'"),
        (["1 Ann sat.", "-2 Ben sat."], 2, "a number and a sentence"),
        (["2 Ann sat."], 1, "the number 1 of a first story, found 2"),
        (["0 Ann sat."], 1, "the number 1 of a first story, found 0"),
        (["1 Ann sat.", "3 Ben sat."], 2, "the number 2, or 1 for a new story, found 3"),
        (["1 Ann sat.", "2 Ben sat.", "2 Cleo sat."], 3, "the number 3, or 1 .*found 2"),
        (["1 Who sat?\tAnn\t1"], 1, "sentences before the question, found a story without sentences"),
        (["1 Ann sat.", "2 Who sat?\tAnn\t1", "1 Who sat?\tAnn\t1"], 3, "a story without sentences"),
        (["1 Ann sat.", "2 Who sat?"], 2, r"question, answer and .*found '2 Who sat\?'"),
        (["1 Ann sat.", "2 Who sat?\t\t1"], 2, "question, answer and"),
        (["1 Ann sat.", "2 \tAnn\t1"], 2, "question, answer and"),
        (["1 Ann sat.", "2 Who sat?\tAnn\t3"], 2, "supporting numbers of sentences .*found '3'"),
        (["1 Ann sat.", "2 Who sat?\tAnn\t2"], 2, "supporting numbers of sentences .*found '2'"),
        (["1 Ann sat.", "2 Who sat?\tAnn\t1", "3 Who sat?\tAnn\t2"], 3, "supporting numbers .*found '2'"),
        (["1 Ann sat.", "2 Who sat?\tAnn\tone"], 2, "supporting numbers .*found 'one'"),
        (["1 A.", "2 B.", "1 C.", "2 Who?\tC\t2"], 4, "supporting numbers .*found '2'"),
        (["1 Ann sat.", "2 Ben sat."], None, "a question .*found none"),
    ],
)
def test_malformed(write, lines, place, message):
    with pytest.raises(DataError, match=rf"a\.txt{'' if place is None else f':{place}'}: expected .*{message}"):
        babi.read_file(write("a.txt", "\n".join(lines)))


@pytest.mark.parametrize("name", ["own.jsonl", "own.jsonl.gz"])
def test_ones_own_stories(write, name):
    own = {"story": ["Ann sat.", "Ben sat."], "question": "Who?", "answer": "Ann"}
    lines = [own, own | {"supporting": [1, 0], "task": 7}]
    found = babi.read_file(write(name, "\n".join(map(json.dumps, lines))), task=2)
    assert found == [own | {"supporting": [], "task": 2}, own | {"supporting": [1, 0], "task": 7}]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"story": []}, r"a list of sentences under 'story', found \[\]"),
        ({"story": "Ann sat."}, r"a list of sentences under 'story', found 'Ann sat\.'"),
        ({"story": ["Ann sat.", ""]}, "a list of sentences under 'story'"),
        ({"question": None}, "a text under 'question', found None"),
        ({"answer": " "}, "a text under 'answer', found ' '"),
        ({"answer": ["Ann"]}, "a text under 'answer'"),
        ({"supporting": [1]}, r"positions in the story, 0 to 0, under 'supporting', found \[1\]"),
        ({"supporting": [-1]}, r"under 'supporting', found \[-1\]"),
        ({"supporting": [True]}, r"under 'supporting', found \[True\]"),
        ({"supporting": 0}, "under 'supporting', found 0"),
        ({"task": "1"}, "a whole number under 'task', found '1'"),
    ],
)
def test_malformed_stories_of_ones_own(write, change, message):
    own = {"story": ["Ann sat."], "question": "Who?", "answer": "Ann"}
    path = write("own.jsonl", json.dumps(own) + "\n" + json.dumps(own | change))
    with pytest.raises(DataError, match=rf"own\.jsonl:2: expected .*{message}"):
        babi.read_file(path)


@pytest.mark.parametrize(("name", "mode"), [("a.tar.gz", "w:gz"), ("a.tar", "w")])
def test_an_archive_in_the_order_of_its_tasks(tmp_path, name, mode):
    others = {"en/README": "1", "en-10k/qa2_x_train.txt": "", "hn/qa3_x_test.txt": "", "en/._qa2_x_train.txt": "\0"}
    path = pack(tmp_path / name, FILES | others, mode)
    before = set(tmp_path.rglob("*"))
    found = babi.read(path)
    assert {part: story_of(found[part]) for part in found} == {
        "train": ["train2 slept.", "train10 slept."],
        "test": ["test2 slept.", "test10 slept."],
    }
    assert [example["task"] for example in found["train"]] == [2, 10]
    assert babi.read(path, task=10) == {part: found[part][1:] for part in found}
    assert set(tmp_path.rglob("*")) == before  # nothing was unpacked


def test_a_folder_is_read_like_the_archive(write, tmp_path):
    for name, content in FILES.items():
        write(name, content)
    write("en/notes.txt", "")
    expected = babi.read(pack(tmp_path / "a.tar.gz", FILES))
    assert len(expected["train"]) == len(expected["test"]) == 2
    assert babi.read(tmp_path) == babi.read(tmp_path / "en") == expected


VARIANTS = {
    f"tasks/{variant}/qa1_{name}{part}.txt": text(f"{variant} {part}")
    for variant, name, parts in (
        ("hn", "x_", ("train", "test")),
        ("en-valid", "", ("train", "valid", "test")),
        ("en-10k", "x_", ("train", "test")),
    )
    for part in parts
}


@pytest.mark.parametrize("is_folder", [False, True])
def test_variants_by_their_names(write, tmp_path, is_folder):
    path = tmp_path / "tasks"
    if is_folder:
        for name in VARIANTS:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            write(name, VARIANTS[name])
    else:
        path = pack(tmp_path / "a.tar.gz", VARIANTS)
    for variant in ("hn", "en-10k"):
        found = babi.read(path, variant=variant)
        assert {part: story_of(found[part]) for part in found} == {
            part: [f"{variant} {part} slept."] for part in ("train", "test")
        }
    assert list(babi.read(path, variant="en-valid")) == ["train", "validation", "test"]
    for variant in (None, "shuffled"):
        with pytest.raises(DataError, match=r"tasks in a folder (en|shuffled), found en-10k, en-valid, hn"):
            babi.read(path, variant=variant)


def test_the_only_variant_needs_no_name(tmp_path):
    files = {name: VARIANTS[name] for name in VARIANTS if "/hn/" in name}
    assert story_of(babi.read(pack(tmp_path / "a.tar", files, "w"))["test"]) == ["hn test slept."]


def test_one_task_does_not_depend_on_the_others(tmp_path):
    path = pack(tmp_path / "a.tar.gz", FILES | {"top/en/qa7_x_train.txt": "broken"})
    assert story_of(babi.read(path, task=2)["train"]) == ["train2 slept."]
    with pytest.raises(DataError, match=r"a\.tar\.gz/top/en/qa7_x_train\.txt:1: expected a number and a sentence"):
        babi.read(path)


@pytest.mark.parametrize(
    ("files", "task", "message"),
    [
        ({"en/README": ""}, None, "qa1_.*found no file of a task"),
        ({"qa1_x_train.txt": text("Ann")}, None, r"en/qa1_\.\.\._test\.txt, found no such file"),
        (FILES, 3, r"en/qa3_.*found the tasks \[2, 10\]"),
        (FILES | {"en/qa3_x_train.txt": text("Ann")}, None, r"en/qa3_\.\.\._test\.txt, found no such file"),
        (FILES | {"en/qa3_x_test.txt": text("Ann")}, 3, r"en/qa3_\.\.\._train\.txt, found no such file"),
        (FILES | {"en/qa2_z_test.txt": text("Ann")}, None, "one test file of task 2, found a second one, qa2_z_test"),
        (FILES | {"en/qa2_x-y_test.txt": [text("Ann")] * 2}, None, "one test file of task 2, found a second one"),
        (FILES | {"en/qa2_x-y_test.txt": None}, None, "plain files in the archive, found something else, en/qa2"),
        (FILES | {"en/qa2_x-y_test.txt": b"1 Ann \xff"}, None, r"qa2_x-y_test\.txt: expected utf-8 .*0xff"),
        (FILES | {"en/qa2_x-y_test.txt": ""}, None, r"qa2_x-y_test\.txt: expected a question"),
        (FILES | {"en/qa2_x-y_test.txt": text("A").replace("2", "3")}, 2, r"a\.tar\.gz/en/qa2_x-y_test\.txt:2: "),
    ],
)
def test_archives_that_cannot_be_read(tmp_path, files, task, message):
    with pytest.raises(DataError, match=message):
        babi.read(pack(tmp_path / "a.tar.gz", files), task=task)


def test_folders_that_cannot_be_read(write, tmp_path):
    with pytest.raises(DataError, match="no file of a task"):
        babi.read(tmp_path)
    path = write("en/qa1_x_train.txt", "1 Ann sat.\nBen sat.")
    with pytest.raises(DataError, match=r"en/qa1_x_train\.txt:2: "):
        babi.read(tmp_path)
    with pytest.raises(DataError, match=r"whole archive \(.*read_file\), found damage \(ReadError: truncated header"):
        babi.read(path)
    with pytest.raises(FileNotFoundError):
        babi.read(tmp_path / "absent")


def test_damaged_archives(tmp_path):
    path = pack(tmp_path / "a.tar.gz", FILES)
    raw = path.read_bytes()
    flipped = bytearray(raw)
    flipped[-8] ^= 1  # the checksum
    for damaged in (raw[: len(raw) // 2], raw[:-9], bytes(flipped)):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match="a whole archive"):
            babi.read(path)


@pytest.mark.real_data
def test_real_archive(real_data):
    found = babi.read(real_data / "babi_en_1k" / "babi_en_1k.tar.gz")
    for part in found.values():
        assert Counter(example["task"] for example in part) == dict.fromkeys(range(1, 21), 1000)
        assert all(example["supporting"] and example["answer"] for example in part)
        # Tasks 1 and 11 to 13 are answered by their last supporting sentence.
        assert all(e["answer"] in e["story"][max(e["supporting"])] for e in part if e["task"] in (1, 11, 12, 13))
    assert max(len(example["story"]) for part in found.values() for example in part) == 228
    assert found["test"][0]["task"] == 1 and found["test"][-1]["task"] == 20


def test_what_macos_writes_beside_files_is_passed_over(write, tmp_path):
    for part in ("train", "test"):
        write(f"en/qa1_x_{part}.txt", "1 Ann sat.\n2 Who sat?\tAnn\t1\n")
        write(f"en/._qa1_x_{part}.txt", "\0")
    assert {part: len(examples) for part, examples in babi.read(tmp_path).items()} == {"train": 1, "test": 1}


@pytest.mark.parametrize("line", [f"{'9' * 5000} Ann sat.", f"2 Who sat?\tAnn\t{'1' * 5000}", "2 Who sat?\tAnn\t²"])
def test_numbers_that_are_none(write, line):
    with pytest.raises(DataError, match=r"a\.txt:2: expected"):
        babi.read_file(write("a.txt", f"1 Ann sat.\n{line}\n"))
