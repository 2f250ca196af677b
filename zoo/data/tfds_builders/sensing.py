"""Generated sets of sounds, pictures, clips, pens, keys and series."""

from typing import Any, ClassVar

import numpy as np
import tensorflow_datasets as tfds

from zoo.data.readers import spoken_digits
from zoo.data.readers.chorales import KEYS
from zoo.data.splits import split_by_index
from zoo.data.synthetic import clips, drawings, melodies, patterns, scenes, series, speech
from zoo.data.tfds_builders.generated import TEXT, Generated, Parts, rows

# Height and width of generated pictures and clips.
SCENE, CLIP, PATTERN = 48, 32, 12


class ZooMusic(Generated):
    """Hymns of triads as piano rolls, a row a quarter note."""

    FEATURES, EXAMPLES = {"roll": tfds.features.Tensor(shape=(None, KEYS), dtype=np.float32)}, 300

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index([{"roll": piece["target"]} for piece in melodies.generate(count, seed=seed)])


class ZooStrokes(Generated):
    """Plain figures as movements of a pen: right, down, and whether it is lifted there."""

    FEATURES, EXAMPLES = {"drawing": tfds.features.Tensor(shape=(None, 3), dtype=np.float32)}, 4000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index([{"drawing": drawing} for drawing in drawings.generate(count, seed=seed)])


class ZooForecasting(Generated):
    """Hourly numbers, a row an example, in the order of time."""

    FEATURES, EXAMPLES = {"time": TEXT, "demand": np.float32, "load": np.float32}, 4000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        table = series.generate(count, seed=seed)
        drawn = rows(zip(map(str, table.times), *table.values.T, strict=True), "time", *table.columns)
        one, two = int(0.7 * count), int(0.8 * count)
        return {"train": drawn[:one], "validation": drawn[one:two], "test": drawn[two:]}


class ZooSpeech(Generated):
    """Digits as a machine would speak them, in two voices."""

    EXAMPLES = 400

    @classmethod
    def features(cls) -> dict[str, Any]:
        sound = tfds.features.Audio(sample_rate=speech.RATE, dtype=np.float32)
        return {"audio": sound, "label": tfds.features.ClassLabel(num_classes=10), "audio/filename": TEXT}

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        parts = spoken_digits.split(speech.generate(max(3, count // 20), seed=seed))
        return {split: [_recording(one) for one in part] for split, part in parts.items()}


def _recording(one: spoken_digits.Recording) -> dict[str, Any]:
    name = f"{one.digit}_{one.speaker}_{one.index}.wav"
    return {"audio": one.samples, "label": one.digit, "audio/filename": name}


class ZooCaptioning(Generated):
    """Scenes of coloured shapes with their captions."""

    FEATURES: ClassVar = {
        "image": tfds.features.Tensor(shape=(SCENE, SCENE, 3), dtype=np.uint8),
        "caption": TEXT,
    }
    EXAMPLES = 32_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        examples = scenes.generate(count, size=SCENE, seed=seed)
        return split_by_index([{"image": one["picture"], "caption": one["target"]} for one in examples])


class ZooVideo(Generated):
    """Clips of a moving shape with their captions; the label is the shape's path."""

    FEATURES: ClassVar = {
        "video": tfds.features.Tensor(shape=(None, CLIP, CLIP, 3), dtype=np.uint8),
        "caption": TEXT,
        "label": TEXT,
    }
    EXAMPLES = 3000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        examples = clips.generate(count, size=CLIP, seed=seed)
        return split_by_index(
            [{"video": one["frames"], "caption": one["target"], "label": one["path"]} for one in examples]
        )


class ZooPixels(Generated):
    """Grey stripes, boxes, crosses ..., from 0 (black) to 1 (white)."""

    FEATURES, EXAMPLES = {"image": tfds.features.Tensor(shape=(PATTERN, PATTERN), dtype=np.float32)}, 4000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        examples = patterns.generate(count, height=PATTERN, width=PATTERN, seed=seed)
        return split_by_index([{"image": one["target"]} for one in examples])
