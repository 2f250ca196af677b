"""Every recipe reads the sets of TFDS that its docs name: their features are those of TFDS' own builders."""

import importlib

import numpy as np
import pytest
import tensorflow_datasets as tfds

from recipes import RECIPES
from tests.recipes import tfds_sets as read
from tests.recipes.tfds_sets import LABELLED, PAIR, POSITIONS, TEXT, WORDS, Case, midi, tensor, wave

FILMS = [{"text": "a good film", "label": "pos"}, {"text": "a bad film", "label": "neg"}]
TALK = ["hello", "what is it", "a book", "thanks"]
ALL, TESTED, ALONE = ("train", "validation", "test"), ("train", "test"), ("train",)
DEV = ("train", "dev", "test")
FEW = {"minimum_count": 1}
SUMMED = {"size": np.int32, "inputs": tensor(None, 2), "targets": tensor(None, 1), "weights": tensor(None)}
TRIANGLE = [[0.25, 0.25], [0.75, 0.25], [0.5, 0.75]]
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
            [{"text": "who is it ?", "label-coarse": "HUM", "label-fine": "animal"}],
            read.labelled,
            {("who is it ?", kind)},
            arguments={"classes": classes, **FEW},
        )
        for classes, kind in (("coarse", "HUM"), ("fine", "animal"))
    ],
    Case(
        "surnames", "mine", [{"text": "abe", "label": "one"}], read.labelled, {("abe", "one")}, ALONE, features=LABELLED
    ),
    Case("names", "mine", [{"text": "abe", "label": "two"}], read.named, {("abe", "two")}, ALONE, features=LABELLED),
    Case("dna", "genomics_ood", [{"seq": "ACGT", "label": "Bacillus"}], read.labelled, {("ACGT", "Bacillus")}, ALL),
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
                "gesture": "left",
            }
        ],
        read.frames_labelled,
        {(3.0, 0.75, 8.0, "left")},
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
    Case("speech", "speech_commands", [{"audio": wave(40), "label": "yes"}], read.sounds_labelled, {(5, "yes")}, ALL),
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
        [{"video": np.full((3, 256, 256, 3), 51, "uint8"), "label": "Archery"}],
        read.clips_labelled,
        {(3, 51, "Archery")},
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


@pytest.fixture(params=["tfrecord", "array_record"])
def prepared(request, tmp_path, monkeypatch):
    """Prepares a set in TFDS_DATA_DIR: one that TFDS knows by its own builder, from rows instead of its files."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))

    def examples(case, split, features):
        rows = case.of(split) * (6 if split == "train" and len(case.splits) > 1 else 1)
        rows = rows * (10 if len(case.splits) == 1 and len(rows) < 6 else 1)
        for number, row in enumerate(rows):
            yield number, read.filled(features, row)

    def prepare(case):
        options = {"data_dir": tmp_path, "file_format": request.param}
        if case.features is None:
            builder = tfds.builder(case.name, **options)
        else:
            builder = Mine(features=case.features, **options)
        generate = lambda *_, **__: {split: examples(case, split, builder.info.features) for split in case.splits}  # noqa: E731
        with monkeypatch.context() as own:
            own.setattr(type(builder), "_split_generators", generate)
            own.setattr(type(builder), "MANUAL_DOWNLOAD_INSTRUCTIONS", None)
            builder.download_and_prepare()

    return prepare


class Mine(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """A set of a person's own, which TFDS finds by its files alone."""

    VERSION = tfds.core.Version("1.0.0")

    def __init__(self, *, features, **options):
        self._own = features
        super().__init__(**options)

    def _info(self):
        return self.dataset_info_from_configs(features=tfds.features.FeaturesDict(self._own))

    def _split_generators(self, manager):
        raise NotImplementedError

    def _generate_examples(self):
        raise NotImplementedError


@pytest.mark.filterwarnings("ignore:.*(resized|resampled|converted|class is not known|filled in)")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.recipe}-{case.name}")
def test_a_set_reaches_the_batches(case, prepared):
    prepared(case)
    splits = importlib.import_module(RECIPES[case.recipe]).data(data=f"tfds:{case.name}", **case.arguments)
    assert case.read(splits) == case.expected
    assert all(len(getattr(splits, part)) for part in ("train", "validation", "test"))


@pytest.mark.parametrize(
    ("recipe", "row", "features", "message"),
    [
        ("forecasting", {"time": "soon", "a": 1.0}, {"time": TEXT, "a": np.float32}, "expected times as 1949.*'soon'"),
        (
            "forecasting",
            {"time": 86400, "a": 1.0},
            {"time": np.int64, "a": np.float32},
            "expected times as 1949.*86400",
        ),
        ("forecasting", {"time": "1949"}, {"time": TEXT}, "A series has three rows or more of a time and numbers"),
        (
            "speech",
            {"audio": [1, 2], "text": "a"},
            {"audio": POSITIONS, "text": TEXT},
            "A sound of a set says its rate",
        ),
        (
            "speech",
            {"audio": wave(40), "audio/filename": "a.wav"},
            {"audio": tfds.features.Audio(sample_rate=8000), "audio/filename": TEXT},
            "named {digit}_{speaker}_{index}.wav, found a.wav",
        ),
        ("tree_sentiment", {"tree": "(1 (2 a))"}, {"tree": TEXT}, "tfds:mine:1: expected exactly two children"),
    ],
)
def test_values_that_do_not_fit_are_errors(recipe, row, features, message, prepared):
    prepared(Case(recipe, "mine", [row] * 4, None, set(), features=features))
    with pytest.raises(ValueError, match=message):
        importlib.import_module(RECIPES[recipe]).data(data="tfds:mine")


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_names_its_sets_and_features(recipe):
    module = importlib.import_module(RECIPES[recipe])
    ways = module.TFDS.values() if isinstance(module.TFDS, dict) else [module.TFDS]
    assert all(isinstance(name, str) for some in ways for way in some for name in way)
    cases = [case for case in CASES if case.recipe == recipe]
    assert cases
    for case in cases:
        assert case.features or f"tfds:{case.name}" in module.__doc__, case.name
    assert "tfds:" in module.__doc__
    assert "tfds:" in module.data.__doc__


# What a recipe generates is what its set holds; sets of what is drawn anew for every batch are fixed ones.
DRAWN_ANEW = ("algorithms", "convex_hull", "sorting", "travelling_salesman")
FEWER = {
    "language_model": (9000, {"rows": 2, "steps": 16}),
    "speech": (60, {}),
    "inflection": (1200, {}),
    "pronunciation": (400, {}),
    "copying": (60, FEW),
}


@pytest.mark.filterwarnings("ignore:.*never seen in training")
@pytest.mark.parametrize("recipe", RECIPES)
def test_a_generated_set_is_what_its_recipe_generates(recipe, tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    data = importlib.import_module(RECIPES[recipe]).data
    count, options = FEWER.get(recipe, (400 if recipe == "forecasting" else 60, {}))
    splits = data(data=f"tfds:zoo_{recipe}/{count}_examples", **options)
    if recipe in DRAWN_ANEW:
        assert all(len(getattr(splits, part)) for part in ("train", "validation", "test"))
        return
    number = {"speech": ("takes", count // 20), "forecasting": ("rows", count)}.get(recipe, ("examples", count))
    own = data(**dict([number]), **options)
    for part in ("train", "validation", "test"):
        first, other = getattr(splits, part), getattr(own, part)
        assert len(first) == len(other)
        for one, same in zip(arrays(first[0]), arrays(other[0]), strict=True):
            np.testing.assert_allclose(one, same, rtol=1e-5, atol=1e-5)


def arrays(batch):
    return [
        array
        for part in batch
        for array in ([part[name] for name in sorted(part)] if isinstance(part, dict) else [part])
    ]
