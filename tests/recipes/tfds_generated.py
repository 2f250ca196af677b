"""Sets of TFDS for recipes that generate: a text, a tune, a series, a caption, a picture."""

import numpy as np

from tests.recipes import tfds_sets as read
from tests.recipes.tfds_sets import ALL, ALONE, DEV, FEW, PAIR, POSITIONS, TESTED, Case, midi, tensor

TALK = ["hello", "what is it", "a book", "thanks"]
TRIANGLE = [[0.25, 0.25], [0.75, 0.25], [0.5, 0.75]]
CASES = [
    Case(
        "language_model",
        "tiny_shakespeare",
        [{"text": "O for a Muse\nof fire " * 9}],
        read.streamed,
        {"O for a Muse"},
        ALL,
        {"rows": 1, "steps": 16},
    ),
    Case("language_model", "lm1b", [{"text": "a book"}], read.sentences, {"a book"}, arguments={"level": "word"}),
    Case("music", "groove/2bar-midionly", [{"midi": midi(36, 9)}], read.counted, {(2, (15, 1))}, ALL),
    Case(
        "music",
        "mine",
        [{"midi": midi(60, 0)}],
        read.counted,
        {(1, (38 + shift, 1)) for shift in range(3)},
        arguments={"transpose": 1},
        features={"midi": np.str_},
    ),
    Case(
        "strokes",
        "mine",
        [{"drawing": [[3.0, 0.0, 0.0], [0.0, 3.0, 1.0]]}],
        read.targets,
        {(2.0, 0.0, 0.0, 0.0, 2.0, 1.0, 0.0, 0.0, 2.0)},
        features={"drawing": tensor(None, 3)},
    ),
    Case(
        "forecasting",
        "cherry_blossoms",
        [{"year": 800 + year, "temp": np.nan if year in (0, 40) else float(year)} for year in range(200)],
        read.forecast,
        # From 801 on; 840 is filled in. 70 % of 199 rows are for training.
        {(1.0, 5.0, 139 - 4 - 2 + 1)},
        ALONE,
        {"history": 4, "horizon": 2},
    ),
    Case(
        "captioning",
        "coco_captions",
        [
            {
                "image": np.full((4, 6, 3), 102, "uint8"),
                "captions": [{"id": 1, "text": "a dog"}, {"id": 2, "text": "it runs"}],
            }
        ],
        read.captioned,
        {(102, "a dog"), (102, "it runs")},
        ("train", "val", "test", "restval"),
        {"height": 8, "width": 8},
    ),
    Case(
        "video",
        "ucf101",
        [{"video": np.full((3, 256, 256, 3), 51, "uint8"), "label": label} for label in ("Archery", "Basketball")],
        read.clips_labelled,
        {(3, 51, "Archery"), (3, 51, "Basketball")},
        arguments={"task": "label", "size": 8},
    ),
    Case(
        "video",
        "webvid",
        [{"video": np.full((2, 360, 640, 3), 51, "uint8"), "caption": "a dog"}],
        read.captioned,
        {(51, "a dog")},
        arguments={"size": 8},
    ),
    *[
        Case(
            "pixels",
            name,
            [{"image": np.eye(28, dtype="uint8")[..., None] * white}],
            read.targets,
            {tuple(np.eye(28).ravel())},
            splits,
        )
        for name, white, splits in (("mnist", 255, TESTED), ("binarized_mnist", 1, ALL))
    ],
    Case(
        "translation",
        "ted_hrlr_translate/pt_to_en",
        [{"pt": "um livro", "en": "a book"}],
        read.written,
        {("um livro", "a book")},
        ALL,
        {"level": "word"},
    ),
    Case(
        "translation",
        "wmt16_translate/de-en",
        [{"de": "ein Buch", "en": "a book"}],
        read.written,
        {("a book", "ein Buch")},
        ALL,
        {"level": "word", "source_language": "en", "target_language": "de"},
    ),
    Case(
        "commands",
        "scan/simple",
        [{"commands": "jump left", "actions": "I_TURN_LEFT I_JUMP"}],
        read.written,
        {("jump left", "I_TURN_LEFT I_JUMP")},
    ),
    *[
        Case(recipe, "mine", [{"source": source, "target": target}], read.written, {(source, target)}, features=PAIR)
        for recipe, source, target in (
            ("pronunciation", "book", "B UH K"),
            ("reverse", "abc", "cba"),
            ("counting", "start 1 step 2", "1 3 5"),
        )
    ],
    Case(
        "inflection",
        "mine",
        [{"source": "gehen V;PST", "target": "ging"}],
        read.written,
        {("g e h e n V PST", "ging")},
        features=PAIR,
    ),
    Case(
        "dialogue",
        "schema_guided_dialogue",
        [{"utterances": TALK, "first_speaker": "USER"}],
        read.turned,
        {("hello", "what is it"), ("hello", "what is it", "a book", "thanks")},
        DEV,
    ),
    *[
        Case(
            "copying",
            name,
            [{source: "a long text of ada", target: "a text of ada"}],
            read.written,
            {("a long text of ada", "a text of ada")},
            ALL,
            FEW,
        )
        for name, source, target in (
            ("cnn_dailymail", "article", "highlights"),
            ("gigaword", "document", "summary"),
            ("samsum", "dialogue", "summary"),
        )
    ],
    *[
        Case(
            recipe,
            "mine",
            [{"source": points, "target": places}],
            read.pointed,
            {(np.array(points, "float32").tobytes(), " ".join(map(str, places)))},
            features={"source": tensor(None, len(points[0])), "target": POSITIONS},
        )
        for recipe, points, places in (
            ("convex_hull", TRIANGLE, [0, 1, 2]),
            ("travelling_salesman", TRIANGLE, [0, 2, 1]),
            ("sorting", [[0.5], [0.25]], [1, 0]),
        )
    ],
]
