"""Data sets of TensorFlow Datasets that are already prepared on this machine: `tfds:NAME`."""

import os
from typing import Any


def load(name: str, split: str, inputs: str, target: str, *, folder: str | os.PathLike | None = None) -> list[tuple]:
    """Read a split of a prepared data set into plain Python and NumPy.

    Nothing is ever downloaded: a load that has to download and cannot hangs in retries, so a set that is not on the
    disk is an error at once. Strings come as `str`, class labels as their names, sequences as lists, tensors as arrays.

    Args:
        name: of the data set, with its configuration and version if need be: "imdb_reviews/plain_text:1.0.0"; a
            leading "tfds:" is allowed.
        split: as TFDS writes it: "train", "train[:80%]".
        inputs: the feature that models read.
        target: the feature that models answer.
        folder: where data sets lie; the environment's TFDS_DATA_DIR or ~/tensorflow_datasets if None.
    Returns:
        (input, target) pairs in the order of the files.
    Raises:
        ValueError: the data set is unknown or not prepared, or it has no such split or feature.
    """
    import tensorflow_datasets as tfds

    name = name.removeprefix("tfds:")
    try:
        builder = tfds.builder(name, data_dir=folder)
    except tfds.core.DatasetNotFoundError as error:
        raise ValueError(
            f"A data set of TFDS needs a known name or files in {_where(folder)}. Received: {name!r}. Look it up in "
            "`tfds.list_builders()`, or build your own with `tfds build` and pass its folder in TFDS_DATA_DIR."
        ) from error
    if not builder.is_prepared():
        raise ValueError(
            f"A data set is read only when it lies prepared in {_where(folder)}. Received: {name!r}, which does not. "
            f"Prepare it once with `tfds build {name}` (add `--manual_dir DIR` for files you fetched yourself), or "
            "name the folder it lies in with TFDS_DATA_DIR."
        )
    features = builder.info.features
    _check("split", split.split("[")[0], [*builder.info.splits, "all"])
    for feature in (inputs, target):
        _check("feature", feature, list(features))
    return [
        (_plain(example[inputs], features[inputs]), _plain(example[target], features[target]))
        for example in _examples(builder, split)
    ]


def _where(folder: str | os.PathLike | None) -> str:
    return str(folder or os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets")


def _check(kind: str, received: str, known: list[str]) -> None:
    if received not in known and "+" not in received:
        raise ValueError(f"The data set has the {kind}s {sorted(known)}. Received: {received!r}. Pass one of them.")


def _examples(builder: Any, split: str):
    import tensorflow_datasets as tfds

    if builder.info.file_format == tfds.core.FileFormat.ARRAY_RECORD:
        return builder.as_data_source(split=split)  # read without TensorFlow
    return tfds.as_numpy(builder.as_dataset(split=split, shuffle_files=False))


def _plain(value: Any, feature: Any) -> Any:
    """A feature's value as str, list, number or array; class labels as names."""
    inner = getattr(feature, "feature", None)  # of a sequence
    if inner is not None:
        values = [_plain(item, inner) for item in value]
        return values if not values or isinstance(values[0], (str, list)) else value
    if hasattr(feature, "int2str"):
        return feature.int2str(int(value))
    return value.decode("utf-8") if isinstance(value, bytes) else value
