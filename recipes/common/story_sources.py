"""Sources of stories with questions: generated, bAbI's archive or files, your own, or TFDS."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zoo.data.readers import babi
from zoo.data.readers.formats import recognise
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import split_by_index
from zoo.recipes.common.sources import complete_splits, require_path
from zoo.recipes.common.split_files import find_split_files
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds

# Features of sets of TFDS: one's own, with or without the sentences that answer and the number of the task.
TFDS = (("story", "question", "answer", "supporting", "task"), ("story", "question", "answer"))
FORMATS = (*babi.FORMATS, babi.ARCHIVE_FORMAT)

Story = dict[str, Any]


def stories(
    data: str, task: int | None, variant: str | None, *, synthetic: Callable[[], list[Story]]
) -> dict[str, list[Story]]:
    """Stories by split, each with "story", "question", "answer", "supporting" and "task".

    Args:
        data: "synthetic", "tfds:NAME", or a path: the published archive, what it unpacks to or a folder with it; a file
            of numbered sentences and questions, or JSON lines; a folder of such files for each split.
        task: the number of one task; None: all.
        variant: of the archive, see `zoo.data.readers.babi.read`.
        synthetic: generates examples, which are then split by index.
    Raises:
        FileNotFoundError: no such path. DataError: it is there and not what it should be.
    """
    if data == "synthetic":
        return split_by_index(synthetic())
    if data.startswith(PREFIX):
        return _of_task(from_tfds(data, TFDS, each=_example), task)
    path = require_path(data)
    if path.is_dir() and not babi.is_there(path):
        files = find_split_files(path, FORMATS, depth=0)
        if "" not in files:
            read = {split: [one for file in own for one in file.format.read(file.path)] for split, own in files.items()}
            return complete_splits(path, sample_splits(_of_task(read, task), _labels))
        path = files[""][0].path
    if path.is_file() and (format := recognise(path, FORMATS)) in babi.FORMATS:
        (read_stories,) = _of_task({"": format.read(path)}, task).values()
        return _in_pieces(sample(read_stories, _labels))
    parts = sample_splits(babi.read(path, task=task, variant=variant), _labels)
    return parts if "validation" in parts else {**parts, **_last_tenths(parts["train"])}


def _of_task(parts: Mapping[str, list[Story]], task: int | None) -> dict[str, list[Story]]:
    """Those of one task; what has no number is of any."""
    return {
        split: [one for one in part if task is None or one["task"] in (None, task)] for split, part in parts.items()
    }


def _in_pieces(stories: Sequence[Story]) -> dict[str, list[Story]]:
    """In one piece each: the questions of a story stand together and share its sentences."""
    last, middle = len(stories) - len(stories) // 10, len(stories) - 2 * (len(stories) // 10)
    return {"train": list(stories[:middle]), "validation": list(stories[middle:last]), "test": list(stories[last:])}


def _last_tenths(train: list[Story]) -> dict[str, list[Story]]:
    """Training and validation: the last tenth of each task, as the authors hold it out."""
    parts: dict[str, list[Story]] = {"train": [], "validation": []}
    for number in sorted({example["task"] for example in train}):
        own = [example for example in train if example["task"] == number]
        last = max(1, len(own) // 10)
        parts["train"] += own[:-last]
        parts["validation"] += own[-last:]
    return parts


def _example(
    story: list[str], question: str, answer: str, supporting: Sequence[int] = (), task: int | None = None
) -> Story:
    example = {"story": list(story), "question": question, "answer": answer}
    return {**example, "supporting": [int(index) for index in supporting], "task": None if task is None else int(task)}


def _labels(example: Mapping[str, Any]) -> list[int | None]:
    return [example["task"]]
