"""Sets of TFDS for recipes that say something of a sequence: a class, a tag a step, an answer."""

import numpy as np

from tests.recipes import tfds_sets as read
from tests.recipes.tfds_sets import ALL, ALONE, DEV, FEW, LABELLED, POSITIONS, TEXT, WORDS, Case, tensor, wave

NAMES = [{"text": "abe", "label": "one"}, {"text": "bo", "label": "two"}]
FILMS = [{"text": "a good film", "label": "pos"}, {"text": "a bad film", "label": "neg"}]
SUMMED = {"size": np.int32, "inputs": tensor(None, 2), "targets": tensor(None, 1), "weights": tensor(None)}
CASES = [
    Case("sentiment", "imdb_reviews", FILMS, read.labelled, {("a good film", "pos"), ("a bad film", "neg")}),
    Case(
        "sentiment",
        "glue/sst2",
        {
            "train": [{"sentence": "good", "label": "positive"}, {"sentence": "bad", "label": "negative"}],
            "validation": [{"sentence": "good good", "label": "positive"}],
            "test": [{"sentence": "what", "label": -1}],
        },
        read.labelled,
        {("good", "positive"), ("bad", "negative"), ("good good", "positive")},
        ALL,
    ),
    *[
        Case(
            "questions",
            "trec",
            [
                {"text": "who is it ?", "label-coarse": "HUM", "label-fine": "animal"},
                {"text": "where is it ?", "label-coarse": "LOC", "label-fine": "city"},
            ],
            read.labelled,
            {("who is it ?", who), ("where is it ?", where)},
            arguments={"classes": classes, **FEW},
        )
        for classes, who, where in (("coarse", "HUM", "LOC"), ("fine", "animal", "city"))
    ],
    Case("surnames", "mine", NAMES, read.labelled, {("abe", "one"), ("bo", "two")}, ALONE, features=LABELLED),
    Case("names", "mine", NAMES, read.named, {("abe", "one"), ("bo", "two")}, ALONE, features=LABELLED),
    Case(
        "dna",
        "genomics_ood",
        [{"seq": "ACGT", "label": "Bacillus"}, {"seq": "TTT", "label": "Burkholderia"}],
        read.labelled,
        {("ACGT", "Bacillus"), ("TTT", "Burkholderia")},
        ALL,
    ),
    Case(
        "dna",
        "mine",
        [{"text": "ACG", "marks": [0, 1, 1]}],
        read.marked,
        {("ACG", 0.0, 1.0, 1.0)},
        arguments={"task": "positions"},
        features={"text": TEXT, "marks": POSITIONS},
    ),
    Case(
        "activity",
        "smartwatch_gestures",
        [
            {
                "features": {
                    "accel_x": [1.0, 2.0],
                    "accel_y": [0.5, 0.25],
                    "accel_z": [4.0, 4.0],
                    **{name: [0, 1] for name in ("time_millis", "time_nanos", "time_event")},
                },
                "gesture": gesture,
            }
            for gesture in ("left", "right")
        ],
        read.frames_labelled,
        {(3.0, 0.75, 8.0, "left"), (3.0, 0.75, 8.0, "right")},
        ALONE,
    ),
    *[
        Case(
            "tagging",
            name,
            [{"tokens": ["Anna", "sang"], **tags}],
            read.tagged,
            {("anna sang", said)},
            splits,
            {"task": task, **FEW},
        )
        for name, task, tags, said, splits in (
            ("conll2003", "upos", {"pos": ["NNP", "VBD"]}, "NNP VBD", DEV),
            ("conll2003", "entities", {"ner": ["B-PER", "O"]}, "B-PER O", DEV),
            ("wikiann/en", "entities", {"tags": ["B-PER", "O"]}, "B-PER O", ALL),
            ("universal_dependencies/en_ewt", "upos", {"upos": ["PROPN", "VERB"]}, "PROPN VERB", DEV),
        )
    ],
    Case(
        "segmentation",
        "universal_dependencies/zh_gsd",
        [{"tokens": ["我们", "走"]}],
        read.tagged,
        {("我们走", "B E S")},
        DEV,
        FEW,
    ),
    Case(
        "question_answering",
        "mine",
        [{"story": ["Ada went home.", "Bo slept."], "question": "Where is Ada?", "answer": "home"}],
        read.answered,
        {("ada went home", "bo slept", "where is ada", "home")},
        features={"story": WORDS, "question": TEXT, "answer": TEXT},
    ),
    Case(
        "algorithms",
        "mine",
        [
            {"size": 1, "inputs": [[1, 0], [0, 0]], "targets": [[0], [1]], "weights": [0, 1]},
            {"size": 2, "inputs": [[1, 1], [1, 0], [0, 0]], "targets": [[0], [0], [0]], "weights": [0, 1, 1]},
        ],
        read.steps,
        {(1.0, 1.0), (3.0, 0.0, 0.0)},
        ALL,
        {"batches": 4, "batch_size": 4},
        SUMMED,
    ),
    Case(
        "tree_sentiment",
        "mine",
        [{"tree": "(3 (2 a) (4 (2 good) (2 film)))"}],
        read.trees,
        {"(3 (2 a) (4 (2 good) (2 film)))"},
        features={"tree": TEXT},
    ),
    Case(
        "memory_span",
        "mine",
        [{"frames": [[0.5, 1.0], [0.25, 1.0]], "target": [0.75]}],
        read.targets,
        {(0.75,)},
        features={"frames": tensor(None, 2), "target": tensor(1)},
    ),
    Case(
        "memory_span",
        "mine",
        [{"source": [3, 0, 9], "target": [0, 0, 3]}],
        read.targets,
        {(0, 0, 3)},
        arguments={"task": "copy"},
        features={"source": POSITIONS, "target": POSITIONS},
    ),
    Case(
        "speech",
        "speech_commands",
        [{"audio": wave(40), "label": "yes"}, {"audio": wave(40), "label": "no"}],
        read.sounds_labelled,
        {(5, "yes"), (5, "no")},
        ALL,
    ),
    Case(
        "speech",
        "spoken_digit",
        [
            {"audio": wave(30 + digit), "label": digit, "audio/filename": f"{digit}_ada_{index}.wav"}
            for digit in (0, 7)
            for index in range(3)
        ],
        read.sounds_labelled,
        {(10, "zero"), (10, "seven")},
        ALONE,
        {"perturb": False},
    ),
    Case(
        "speech",
        "librispeech",
        [{"speech": wave(40), "text": "OH YES"}],
        read.sentences,
        {"OH YES"},
        arguments={"task": "spell"},
    ),
]
