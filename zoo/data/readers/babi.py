"""Stories with questions, in the format of the bAbI tasks: numbered sentences, among them questions with answers."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from zoo.data.readers import jsonl
from zoo.data.readers.formats import Format, Head, read_head
from zoo.storage.containers import tar_members
from zoo.storage.data_error import parse_whole_number
from zoo.storage.files import DataError, open_text

# "qa1_single-supporting-fact_train.txt", and where there is a part for validation "qa1_valid.txt".
FILE = re.compile(r"qa(\d{1,9})_(?:[^/]*_)?(train|valid|test)\.txt(?:\.gz)?")
PARTS = {"train": "train", "valid": "validation", "test": "test"}
# The variant of published results; beside it there are hn, shuffled and en-valid, each with -10k.
ENGLISH = "en"
ARCHIVE = "a whole archive (.tar.gz; a single file is for read_file)"
KEYS = ("story", "question", "answer")
NUMBERED = re.compile(r"([0-9]{1,18}) +(.+)")


def read(
    path: str | os.PathLike, *, task: int | None = None, variant: str | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Reads the published tasks, from the archive as it is or from an unpacked folder.

    Args:
        path: the archive (.tar.gz, .tar) with en/qa1_..._train.txt and so on, of which nothing is written to the disk;
            or the folder that it unpacks to; or a folder of such files itself.
        task: its number; None for all of them, one after the other.
        variant: the folder within the archive: en, hn, shuffled, each with -10k, en-valid or en-valid-10k; None: en, or
            the only one that is there.
    Returns:
        {"train": examples, "test": examples}, see `read_file`; "task" is the number. en-valid has "validation", too.
    Raises:
        DataError: no such files or variant, a task of which a part is missing, an archive that is damaged or has
            something else than a plain file under such a name, or a malformed line.
    """
    path = Path(path)
    sources = _of_folder(path, variant) if path.is_dir() else _of_archive(path, variant)
    stories_of: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for number, part, name, lines in sources:
        if (number, part) in stories_of:
            raise DataError(path, None, f"one {part} file of task {number}", f"a second one, {name.name}")
        stories_of[number, part] = parse(lines, name, task=number) if task in (None, number) else []
    tasks = {number for number, _ in stories_of}
    chosen = sorted(tasks) if task is None else [task]
    if not chosen or not tasks.issuperset(chosen):
        expected = f"en/qa{task or 1}_..._train.txt (a single file is for read_file)"
        raise DataError(path, None, expected, f"the tasks {sorted(tasks)}" if tasks else "no file of a task")
    parts = [part for part in PARTS.values() if part != "validation" or any(own == part for _, own in stories_of)]
    for number in chosen:
        for part in parts:
            if (number, part) not in stories_of:
                ending = next(ending for ending, own in PARTS.items() if own == part)
                raise DataError(path, None, f"en/qa{number}_..._{ending}.txt", "no such file")
    return {part: [each for number in chosen for each in stories_of[number, part]] for part in parts}


def is_there(folder: Path) -> bool:
    """Return whether a folder, or one within it, has files by the names of the published ones."""
    return any(FILE.fullmatch(file.name) for file in folder.rglob("qa*"))


def read_file(path: str | os.PathLike, *, task: int | None = None) -> list[dict[str, Any]]:
    """Reads one file: the lines of a task (see `parse`), or JSON lines of one's own stories.

    Args:
        path: plain or gzipped (.gz). JSON lines are {"story": ["Mary went home.", ...], "question": "Where is Mary?",
            "answer": "home"} and may have "supporting", positions in the story from 0, and "task".
        task: the value of examples under "task".
    Returns:
        List of {"story": sentences, "question": str, "answer": str, "supporting": list of int, "task": int or None}.
    Raises:
        DataError: a malformed line, or no question at all.
    """
    if read_head(path).first.lstrip().startswith("{"):
        return [_own(path, line, value, task) for line, value in jsonl.objects(path, "utf-8")]
    return parse(open_text(path), path, task=task)


def parse(lines: Iterable[str], name: str | os.PathLike, *, task: int | None = None) -> list[dict[str, Any]]:
    """Reads lines "1 Mary went home." and "2 Where is Mary?<TAB>home<TAB>1"; the number 1 begins a new story.

    A question is asked of the sentences before it in its story, questions left out. Its third column has the numbers of
    the lines that answer it; they become positions among the sentences, in the order in which they stand. It may be
    missing. Empty lines are passed over.

    Args:
        lines: of the file.
        name: of the file, for errors.
        task: the value of examples under "task".
    Raises:
        DataError: a line without a number or out of order, a question without an answer or before any sentence, a
            supporting number that is no sentence before the question, or no question at all.
    """
    examples: list[dict[str, Any]] = []
    story: list[str] = []
    position_of_line: dict[int, int] = {}  # number of a line -> position of its sentence
    last = 0
    for line, text in enumerate(lines, 1):
        if not text.strip():
            continue
        match = NUMBERED.fullmatch(text.rstrip())
        if match is None:
            raise DataError(name, line, 'a number and a sentence ("1 Mary went home.")', f"{text!r:.60}")
        number, content = int(match[1]), match[2]
        if number == 1:
            story, position_of_line = [], {}
        elif not last or number != last + 1:
            expected = f"the number {last + 1}, or 1 for a new story" if last else "the number 1 of a first story"
            raise DataError(name, line, expected, f"{number}")
        last = number
        question, *columns = map(str.strip, content.split("\t"))
        if not columns and not question.endswith("?"):
            position_of_line[number] = len(story)
            story.append(question)
            continue
        if not story:
            raise DataError(name, line, "sentences before the question", "a story without sentences")
        if not columns or not columns[0] or not question:
            raise DataError(name, line, "question, answer and supporting numbers, separated by tabs", f"{text!r:.60}")
        for supporting in (numbers := " ".join(columns[1:]).split()):
            if parse_whole_number(supporting) not in position_of_line:
                expected = "supporting numbers of sentences that stand before the question in its story"
                raise DataError(name, line, expected, f"{supporting!r:.60}")
        positions = [position_of_line[int(supporting)] for supporting in numbers]
        examples.append(_example(list(story), question, columns[0], positions, task))
    if not examples:
        raise DataError(name, None, "a question (number, question, answer and supporting numbers)", "none")
    return examples


def _example(story, question, answer, supporting, task):
    return {"story": story, "question": question, "answer": answer, "supporting": supporting, "task": task}


def _own(path, line, value, task):
    story, supporting = value.get("story"), value.get("supporting", [])
    if not isinstance(story, list) or not story or not all(isinstance(each, str) and each.strip() for each in story):
        raise DataError(path, line, "a list of sentences under 'story'", f"{story!r:.60}")
    for key in ("question", "answer"):
        if not isinstance(value.get(key), str) or not value[key].strip():
            raise DataError(path, line, f"a text under {key!r}", f"{value.get(key)!r:.60}")
    if not isinstance(supporting, list) or not all(type(p) is int and p in range(len(story)) for p in supporting):
        expected = f"positions in the story, 0 to {len(story) - 1}, under 'supporting'"
        raise DataError(path, line, expected, f"{supporting!r:.60}")
    if (number := value.get("task", task)) is not None and type(number) is not int:
        raise DataError(path, line, "a whole number under 'task'", f"{number!r:.60}")
    return _example(story, value["question"], value["answer"], supporting, number)


def _variant(held: Iterable[str], path: Path, variant: str | None) -> str:
    """The name of the folder that is read, of those that an archive or a folder holds; "" is the place itself."""
    names, folder_name = set(held), ENGLISH if variant is None else variant
    if folder_name in names or not names:
        return folder_name
    if (variant is None and ("" in names or len(names) == 1)) or (names == {""} and path.name == variant):
        return "" if "" in names else names.pop()
    raise DataError(
        path, None, f"tasks in a folder {folder_name}", ", ".join(sorted(name or "no folder" for name in names))
    )


def _of_folder(path: Path, variant: str | None) -> Iterator[tuple[int, str, Path, Iterable[str]]]:
    """Task, part, name and lines of every file."""
    files = [file for file in sorted(path.rglob("qa*")) if FILE.fullmatch(file.name)]
    folders = {file: file.parent.name if file.parent != path else "" for file in files}
    chosen = _variant(folders.values(), path, variant)
    for file in files:
        match = FILE.fullmatch(file.name)
        if match and folders[file] == chosen:
            yield int(match[1]), PARTS[match[2]], file, open_text(file)


def _of_archive(path: Path, variant: str | None) -> Iterator[tuple[int, str, Path, Iterable[str]]]:
    held: list[str] = []

    def note(name: str) -> bool:
        folder, _, file = name.rpartition("/")
        held.extend([folder.rpartition("/")[2]] if FILE.fullmatch(file) else [])
        return False

    for _ in tar_members(path, note, expected=ARCHIVE):
        pass
    chosen = _variant(held, path, variant)
    for name, content in tar_members(path, lambda name: _match(name, chosen) is not None, expected=ARCHIVE):
        match = _match(name, chosen)
        assert match is not None  # it is wanted
        if content is None:
            raise DataError(path, None, "plain files in the archive", f"something else, {name}")
        yield int(match[1]), PARTS[match[2]], path / name, _decoded(content, path / name)


def _match(name: str, variant: str) -> re.Match | None:
    """The parts of a member's name if it is VARIANT/qa..."""
    folder, _, file = name.rpartition("/")
    return FILE.fullmatch(file) if folder.rpartition("/")[2] == variant else None


def _decoded(content: bytes, name: Path) -> list[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(name, None, "utf-8 text", f"the byte 0x{content[error.start]:02x}") from error
    if "\0" in text:
        raise DataError(name, text.count("\n", 0, text.index("\0")) + 1, "text", "the byte 0x00")
    return text.split("\n")  # as files do; splitlines knows eight other line ends


def _lacks_numbers(head: Head) -> str:
    return "" if re.match(r"1 \S", head.first) else "line 1 does not begin with the number 1 and a sentence"


def _is_no_archive(head: Head) -> str:
    is_archive = head.content[257:262] == b"ustar" or head.content[:2] == b"\x1f\x8b"
    return "" if is_archive else "it is no .tar or .tar.gz file"


ARCHIVE_FORMAT = Format("the published archive of tasks (bAbI)", _is_no_archive, read)
FORMATS = (
    Format('JSON lines with "story", "question" and "answer"', lambda head: jsonl.lacks_keys(head, *KEYS), read_file),
    Format("numbered sentences and questions (bAbI)", _lacks_numbers, read_file),
)
