"""Arguments of models that the data decide: vocabulary sizes, numbers in a frame, classes."""

from collections.abc import Callable
from typing import Any

from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.featurizers.images import ImageResizer, VideoFrames
from zoo.data.splits import Splits


def _entries(*names: str) -> Callable[[Splits], int | None]:
    """The number of ids of the first of these vocabularies that encodes tokens or labels."""

    def size(splits: Splits) -> int | None:
        known = (splits.vocabularies.get(name) for name in names)
        return next((len(each) for each in known if each is not None and not isinstance(each, Featurizer)), None)

    return size


def _features(*names: str) -> Callable[[Splits], Any]:
    """The width of the frames of the first of these featurizers."""

    def width(splits: Splits) -> Any:
        known = (splits.vocabularies.get(name) for name in names)
        return next((each.features for each in known if isinstance(each, Featurizer)), None)

    return width


def _picture_shape(splits: Splits) -> tuple[int, int, int] | None:
    """(height, width, channels) of the images or frames of clips that the splits hold."""
    known = splits.vocabularies.values()
    return next((each.shape for each in known if isinstance(each, ImageResizer | VideoFrames)), None)


# Argument of a model -> its value for some splits; None: they do not decide it.
SIZES: dict[str, Callable[[Splits], Any]] = {
    "vocabulary_size": _entries("tokens", "target"),
    "character_vocabulary_size": _entries("characters"),
    "source_vocabulary_size": _entries("source"),
    "target_vocabulary_size": _entries("target"),
    "outputs": _entries("labels"),
    "classes": _entries("label"),
    "features": _features("frames"),
    "source_features": _features("source"),
    "target_features": lambda splits: None,  # of recipes whose targets are frames
    "picture_shape": _picture_shape,
}


def sizes_of(splits: Splits) -> dict[str, Any]:
    """Return the arguments of models that the splits decide."""
    values = {name: size(splits) for name, size in SIZES.items()}
    return {name: value for name, value in values.items() if value is not None}
