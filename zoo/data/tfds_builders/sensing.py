"""Generated sets of sounds, images, clips, drawings, music and time series."""

from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from zoo.data.readers import spoken_digits
from zoo.data.readers.chorales import KEYS
from zoo.data.splits import split_by_index
from zoo.data.synthetic import clips, drawings, melodies, patterns, scenes, series, speech
from zoo.data.tfds_builders.generated import TEXT, Parts, by_index, define, renamed, rows

# Height and width of generated images and clips.
SCENE, CLIP, PATTERN = 48, 32, 12


def _tensor(*shape: int | None, dtype: Any = np.float32) -> tfds.features.Tensor:
    return tfds.features.Tensor(shape=shape, dtype=dtype)


def _drawings(count: int, seed: int) -> Parts:
    return split_by_index([{"drawing": drawing} for drawing in drawings.generate(count, seed=seed)])


def _series(count: int, seed: int) -> Parts:
    table = series.generate(count, seed=seed)
    drawn = rows(zip(map(str, table.times), *table.values.T, strict=True), "time", *table.columns)
    one, two = int(0.7 * count), int(0.8 * count)
    return {"train": drawn[:one], "validation": drawn[one:two], "test": drawn[two:]}


def _audio_features() -> dict[str, Any]:
    sound = tfds.features.Audio(sample_rate=speech.RATE, dtype=np.float32)
    return {"audio": sound, "label": tfds.features.ClassLabel(num_classes=10), "audio/filename": TEXT}


def _recordings(count: int, seed: int) -> Parts:
    parts = spoken_digits.split(speech.generate(max(3, count // 20), seed=seed))
    return {split: [_recording(one) for one in part] for split, part in parts.items()}


def _recording(one: spoken_digits.Recording) -> dict[str, Any]:
    name = f"{one.digit}_{one.speaker}_{one.index}.wav"
    return {"audio": one.samples, "label": one.digit, "audio/filename": name}


define(
    "zoo_music",
    "Hymns of triads as piano rolls, one row per quarter note.",
    {"roll": _tensor(None, KEYS)},
    300,
    by_index(renamed(melodies.generate, roll="target")),
)
define(
    "zoo_strokes",
    "Simple figures as pen movements: right, down, and whether the pen is lifted.",
    {"drawing": _tensor(None, 3)},
    4000,
    _drawings,
)
define(
    "zoo_forecasting",
    "Hourly numbers, one row per example, in the order of time.",
    {"time": TEXT, "demand": np.float32, "load": np.float32},
    4000,
    _series,
)
define("zoo_speech", "Synthesised digits in two voices.", _audio_features, 400, _recordings)
define(
    "zoo_captioning",
    "Scenes of coloured shapes with captions.",
    {"image": _tensor(SCENE, SCENE, 3, dtype=np.uint8), "caption": TEXT},
    32_000,
    by_index(renamed(scenes.generate, image="picture", caption="target"), size=SCENE),
)
define(
    "zoo_video",
    "Clips of a moving shape with captions; the label is its path.",
    {"video": _tensor(None, CLIP, CLIP, 3, dtype=np.uint8), "caption": TEXT, "label": TEXT},
    3000,
    by_index(renamed(clips.generate, video="frames", caption="target", label="path"), size=CLIP),
)
define(
    "zoo_pixels",
    "Grey stripes, boxes, crosses ..., from 0 (black) to 1 (white).",
    {"image": _tensor(PATTERN, PATTERN)},
    4000,
    by_index(renamed(patterns.generate, image="target"), height=PATTERN, width=PATTERN),
)
