"""Data sets of TensorFlow Datasets: `tfds:NAME`, as they lie prepared on this machine, or are prepared at once."""

import contextlib
import importlib.util
import io
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.hosts import unreachable
from zoo.storage.extras import import_extra

# Sets that are generated, by `zoo.data.tfds_builders`: they need no download.
GENERATED = "zoo_"
# Of a split that is not read whole so many pieces are.
BLOCKS = 50


class DataSet:
    """A prepared data set: which splits and features it has, and rows of some of them, as plain Python and NumPy.

    What lies prepared on the disk is read, whatever its version; a file format of array_record needs no TensorFlow for
    that. Otherwise the set is prepared first, where its files can be fetched.

    Args:
        name: of the set, with its configuration and version if need be: "imdb_reviews/plain_text:1.0.0". A part of each
            split may follow, in TFDS' own words: "wmt14_translate/de-en[:1%]". A leading "tfds:" is allowed.
        folder: where data sets lie; the environment's TFDS_DATA_DIR or ~/tensorflow_datasets if None.
    Attributes:
        name: without a part.
        splits: names of the splits.
        features: names of the features; those within others behind a stroke ("captions/text").
        numbers: of them those that are one number.
        translates: the languages from which and to which a set of translations goes, or None.
    Raises:
        ValueError: the set is unknown, or is not prepared and cannot be.
        ModuleNotFoundError: TFDS is not installed.
    """

    def __init__(self, name: str, *, folder: str | os.PathLike | None = None):
        self.name, bracket, part = name.removeprefix("tfds:").partition("[")
        self._part = bracket + part
        self._builder = _prepared(self.name, folder or os.environ.get("TFDS_DATA_DIR"))
        self.splits = list(self._builder.info.splits)
        self._features = self._builder.info.features
        self.features = list(_names(self._features))
        self.numbers = [name for name, feature in self._features.items() if _is_number(feature)]
        pair = self._builder.info.supervised_keys
        translation = type(self._features).__name__ == "Translation" and pair and len(pair) == 2
        self.translates: tuple[str, str] | None = tuple(pair) if translation else None

    def rows(self, split: str, features: Sequence[str], *, count: int | None = None) -> Iterator[tuple]:
        """Yields values of features, in the order of the files; of `count` examples from all over the split if given.

        Strings come as `str` (`bytes` that are no text as they are), class labels as their names, None for those that
        are not known; sequences as lists, those of numbers as arrays; sounds as (samples a second, samples).

        Raises:
            ValueError: no such split or feature.
        """
        check("split", split.split("[")[0], [*self.splits, "all"])
        for name in features:
            check("feature", name, self.features)
        tops = {name: name if name in self._features else name.partition("/")[0] for name in features}
        part = split + self._part if count is None else self._spread(split, count)
        for example in islice(self._examples(part), count):
            read = {top: _plain(example[top], self._features[top]) for top in dict.fromkeys(tops.values())}
            yield tuple(_within(read[top], name[len(top) + 1 :]) for name, top in tops.items())

    def size(self, split: str) -> int:
        """Return the number of examples of a split."""
        return int(self._builder.info.splits[split + self._part].num_examples)

    def _spread(self, split: str, count: int) -> str:
        """The name of a part of a split: blocks at equal distances, so that what is sorted is read from end to end."""
        size = self.size(split)
        if self._part or count >= size:
            return f"{split}{self._part}"
        blocks = min(count, BLOCKS)
        firsts = [block * size // blocks for block in range(blocks)]
        lengths = [count * (block + 1) // blocks - count * block // blocks for block in range(blocks)]
        return "+".join(f"{split}[{first}:{first + length}]" for first, length in zip(firsts, lengths, strict=True))

    def _examples(self, split: str) -> Any:
        import tensorflow_datasets as tfds

        if self._builder.info.file_format == tfds.core.FileFormat.ARRAY_RECORD:
            return self._builder.as_data_source(split=split)  # read without TensorFlow
        return tfds.as_numpy(self._builder.as_dataset(split=split, shuffle_files=False))


def check(kind: str, received: str, known: Sequence[str]) -> None:
    """Refuses a split or feature that a set has not; several splits may be joined by "+"."""
    if received not in known and "+" not in received:
        raise ValueError(f"The data set has the {kind}s {sorted(known)}. Received: {received!r}. Pass one of them.")


def _prepared(name: str, folder: str | os.PathLike | None) -> Any:
    """The builder of a set that lies on the disk, if need be after preparing it."""
    tfds = import_extra("tensorflow_datasets", "datasets")
    if name.startswith(GENERATED):
        import zoo.data.tfds_builders  # noqa: F401 - registers them
    try:
        builder = tfds.builder(name, data_dir=folder)
    except tfds.core.DatasetNotFoundError as error:
        raise ValueError(
            f"A data set of TFDS needs a known name or files in {_where(folder)}. Received: {name!r}. Look it up in "
            "`tfds.list_builders()`, or build your own with `tfds build` and pass its folder in TFDS_DATA_DIR."
        ) from error
    except ValueError as error:
        known = list(tfds.builder_cls(name.split("/")[0].split(":")[0]).builder_configs)
        known += ["500_examples", "500_examples_seed_3"] if name.startswith(GENERATED) else []
        raise ValueError(
            f"A data set of TFDS has a configuration and version that TFDS knows, or lies in {_where(folder)}. "
            f"Received: {name!r}. Its configurations are: {', '.join(known) or 'none'}."
        ) from error
    if builder.is_prepared():
        return builder
    if name.startswith(GENERATED):
        if importlib.util.find_spec("array_record"):  # is not there for every system; then TensorFlow reads
            builder = tfds.builder(name, data_dir=folder, file_format="array_record")
    else:
        if (Path(_where(folder)).expanduser() / builder.name).is_dir():  # of another version, or from other code
            with contextlib.suppress(tfds.core.DatasetNotFoundError):
                return tfds.core.read_only_builder.builder_from_files(name, data_dir=folder)
        _check_fetchable(name, builder, folder)
    _prepare(name, builder, folder)
    return builder


def _where(folder: str | os.PathLike | None) -> str:
    return str(folder or "~/tensorflow_datasets")


def _by_hand(folder: str | os.PathLike | None) -> Path:
    """Where TFDS looks for files that a person has fetched."""
    return Path(_where(folder)).expanduser() / "downloads" / "manual"


def _remedy(name: str, folder: str | os.PathLike | None) -> str:
    return (
        f"Prepare it where it can be fetched with `tfds build {name}`, or with `tfds build {name} --manual_dir DIR` of "
        f"files you fetched yourself (without --manual_dir they belong in {_by_hand(folder)}), and name the folder it "
        "then lies in with TFDS_DATA_DIR."
    )


def _check_fetchable(name: str, builder: Any, folder: str | os.PathLike | None) -> None:
    """Fails at once where preparing would, or where TFDS would try again and again."""
    rule = f"A data set is read when it lies prepared in {_where(folder)}, or can be fetched. Received: {name!r}, which"
    instructions, files = builder.MANUAL_DOWNLOAD_INSTRUCTIONS, _by_hand(folder)
    if instructions and not (files.is_dir() and any(files.iterdir())):
        raise ValueError(
            f"{rule} needs files that only you can fetch: {' '.join(instructions.split())} {_remedy(name, folder)}"
        )
    # Where no checksums name what is fetched, the builder's own module does.
    named = [str(value) for value in vars(sys.modules[type(builder).__module__]).values() if _is_location(value)]
    silent = unreachable(builder.url_infos or named)
    if silent:
        raise ValueError(f"{rule} does not, and {', '.join(silent)} cannot be reached. {_remedy(name, folder)}")


def _is_location(value: Any) -> bool:
    return isinstance(value, str | os.PathLike) and str(value).startswith(("http://", "https://", "gs://", "ftp://"))


def _prepare(name: str, builder: Any, folder: str | os.PathLike | None) -> None:
    print(f"tfds:{name} is prepared in {_where(folder)}, once.", file=sys.stderr)
    # The log of TFDS is no result: standard output stays that of the command. What is generated needs no bars.
    log = io.StringIO() if name.startswith(GENERATED) else sys.stderr
    try:
        with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
            builder.download_and_prepare()
    except Exception as error:
        raise ValueError(
            f"A data set of TFDS is prepared by its builder. Received: {name!r}, whose builder failed with "
            f"{type(error).__name__}: {error!s:.300} {_remedy(name, folder)}"
        ) from error


def _names(features: Any, before: str = "") -> Iterator[str]:
    """Of all features, and of those within them."""
    for name, feature in features.items():
        yield before + name
        inner = getattr(feature, "feature", feature)
        if hasattr(inner, "items"):
            yield from _names(inner, f"{before}{name}/")


def _is_number(feature: Any) -> bool:
    return feature.shape == () and not hasattr(feature, "int2str") and np.dtype(feature.np_dtype).kind in "iuf"


def _within(value: Any, path: str) -> Any:
    for name in path.split("/") if path else ():
        value = value[name]
    return value


def _plain(value: Any, feature: Any) -> Any:
    """A feature's value as str, list, number, array or dict; class labels as names."""
    inner = getattr(feature, "feature", None)  # of a sequence
    if inner is not None and hasattr(inner, "items"):
        return {name: _each(value[name], part) for name, part in inner.items()}
    if inner is not None:
        return _each(value, inner)
    if hasattr(feature, "items"):
        return {name: _plain(value[name], part) for name, part in feature.items()}
    if hasattr(feature, "int2str"):
        return feature.int2str(int(value)) if value >= 0 else None
    if getattr(feature, "sample_rate", None):
        return int(feature.sample_rate), value
    if isinstance(value, bytes):
        with contextlib.suppress(UnicodeDecodeError):
            return value.decode("utf-8")
    return value


def _each(values: Any, feature: Any) -> Any:
    plain = [_plain(value, feature) for value in values]
    whole = not plain or isinstance(plain[0], str | bytes | list | dict) or plain[0] is None
    return plain if whole else np.asarray(values)
