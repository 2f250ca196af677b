"""Published sets as they are unpacked: every official split, under the names that its authors and others gave it."""

import gzip
import json

import pytest

from tests.recipes import published
from tests.runs import splits_of
from zoo.recipes.common import series_sources
from zoo.storage.files import DataError

PARTS = ("train", "validation", "test")


def official(name, of, *, train=20, validation=6, test=4, names=("train", "dev", "test")):
    """A file for each split: `name` with {} for the split's name."""
    counts = (train, validation, test)
    return {name.format(part): of(count) for part, count in zip(names, counts, strict=True)}


SCAN = {
    f"{folder}tasks_{part}_{split}.txt": published.scan(count)
    for folder, split, train in (
        ("simple_split/", "simple", 20),
        ("simple_split/size_variations/", "simple_p8", 30),
        ("length_split/", "length", 40),
        ("add_prim_split/", "addprim_jump", 50),
        ("add_prim_split/", "addprim_turn_left", 60),
        ("add_prim_split/with_additional_examples/", "addprim_complex_jump_num4_rep1", 70),
        ("template_split/", "template_around_right", 80),
        ("filler_split/", "filler_num2", 90),
    )
    for part, count in (("train", train), ("test", 4))
} | {"tasks.txt": published.scan(100), "README.md": "# SCAN"}
BABI = {
    f"tasks_1-20_v1-2/{variant}/qa1_{name}{part}.txt": published.stories(count)
    for variant, name, counts in (
        ("en", "single-supporting-fact_", (20, 4)),
        ("en-10k", "single-supporting-fact_", (40, 4)),
        ("hn", "single-supporting-fact_", (30, 4)),
        ("shuffled-10k", "single-supporting-fact_", (50, 4)),
        ("en-valid", "", (18, 4, 6)),
        ("en-valid-10k", "", (38, 4, 6)),
    )
    for part, count in zip(("train", "test", "valid"), counts, strict=False)
}
MULTI30K = {
    f"{part}.{language}": published.lines(count, language)
    for part, count in (("train", 20), ("val", 6), ("test_2016_flickr", 4), ("test_2017_mscoco", 3))
    for language in ("en", "de", "fr")
}
CMUDICT = {
    "cmudict.dict": published.dictionary(400),
    "cmudict.phones": "AA\tvowel\nB\tstop\n",
    "cmudict.symbols": "AA\nAA0\n",
    "cmudict.vp": "!bang B AE1 NG\n",
    "LICENSE": "free",
}
SIGMORPHON_G2P = {
    f"{folder}/{language}_{folder}.tsv": published.pronunciations(count)
    for language, counts in (("fre", (20, 6, 4)), ("ady", (30, 5, 5)))
    for folder, count in zip(("train", "dev", "test"), counts, strict=True)
} | {"test/fre_test.txt": "word0\n", "test/ady_test.txt": "word0\n"}
SIGMORPHON_2017 = {
    "german-train-low": published.inflections(10),
    "german-train-medium": published.inflections(15),
    "german-train-high": published.inflections(20),
    "german-dev": published.inflections(6),
    "german-uncovered-test": published.inflections(4),
    "german-covered-test": "gehen0\tV;PST\n",
    "french-train-high": published.inflections(30),
    "french-dev": published.inflections(5),
    "french-uncovered-test": published.inflections(5),
}
WNUT = {
    "wnut17train.conll": published.columns(20),
    "emerging.dev.conll": published.columns(6),
    "emerging.test": "name0\nsat\n\n",
    "emerging.test.annotated": published.columns(4),
}
UD = official("en_ewt-ud-{}.conllu", published.universal) | official("en_ewt-ud-{}.txt", published.lines)

# What it is; recipe, arguments, files, how many examples each split has.
LAYOUTS = {
    "SCAN, none named": ("commands", {}, SCAN, (18, 2, 4)),
    "SCAN, length": ("commands", {"split": "length"}, SCAN, (36, 4, 4)),
    "SCAN, jump": ("commands", {"split": "addprim_jump"}, SCAN, (45, 5, 4)),
    "SCAN, jump in short": ("commands", {"split": "jump"}, SCAN, (45, 5, 4)),
    "SCAN, turn left": ("commands", {"split": "addprim_turn_left"}, SCAN, (54, 6, 4)),
    "SCAN, more jumps": ("commands", {"split": "addprim_complex_jump_num4_rep1"}, SCAN, (63, 7, 4)),
    "SCAN, template": ("commands", {"split": "template_around_right"}, SCAN, (72, 8, 4)),
    "SCAN, filler": ("commands", {"split": "filler_num2"}, SCAN, (81, 9, 4)),
    "SCAN, a part": ("commands", {"split": "simple_p8"}, SCAN, (27, 3, 4)),
    "SCAN, one split alone": (
        "commands",
        {},
        {"tasks_train_addprim_jump.txt.gz": published.scan(20), "tasks_test_addprim_jump.txt.gz": published.scan(4)},
        (18, 2, 4),
    ),
    "SCAN, a file of any name": ("commands", {}, {"tasks": published.scan(20)}, (16, 2, 2)),
    "bAbI, en": ("question_answering", {}, BABI, (18, 2, 4)),
    "bAbI, en-10k": ("question_answering", {"variant": "en-10k"}, BABI, (36, 4, 4)),
    "bAbI, hn": ("question_answering", {"variant": "hn"}, BABI, (27, 3, 4)),
    "bAbI, shuffled-10k": ("question_answering", {"variant": "shuffled-10k"}, BABI, (45, 5, 4)),
    "bAbI, en-valid": ("question_answering", {"variant": "en-valid"}, BABI, (18, 6, 4)),
    "bAbI, en-valid-10k": ("question_answering", {"variant": "en-valid-10k"}, BABI, (38, 6, 4)),
    "bAbI, the archive": (
        "question_answering",
        {"variant": "en-valid"},
        {"tasks_1-20_v1-2.tar.gz": published.archive(BABI)},
        (18, 6, 4),
    ),
    "bAbI, a file of any name": ("question_answering", {}, {"qa1": published.stories(20)}, (16, 2, 2)),
    "UD, with its texts": ("tagging", {}, UD | {"README.md": "x", "LICENSE.txt": "x", "stats.xml": "<x/>"}, (20, 6, 4)),
    "UD, training in parts": (
        "tagging",
        {},
        {
            f"cs_pdt-ud-{part}.conllu": published.universal(count)
            for part, count in (("train-c", 5), ("train-l", 6), ("dev", 4), ("test", 3))
        },
        (11, 4, 3),
    ),
    "UD, segmentation": ("segmentation", {}, UD, (20, 6, 4)),
    "WNUT 2017": ("tagging", {"task": "entities"}, WNUT, (20, 6, 4)),
    "CoNLL-2003": (
        "tagging",
        {"task": "entities"},
        official("eng.{}", published.columns, names=("train", "testa", "testb")),
        (20, 6, 4),
    ),
    "CoNLL-2003, a copy": (
        "tagging",
        {"task": "entities"},
        official("{}.txt", published.columns, names=("train", "valid", "test")),
        (20, 6, 4),
    ),
    "CoNLL-2002": (
        "tagging",
        {"task": "entities"},
        official("esp.{}", published.columns, names=("train", "testa", "testb")),
        (20, 6, 4),
    ),
    "SST": ("tree_sentiment", {}, official("{}.txt", published.trees), (20, 6, 4)),
    "SST, unpacked": ("tree_sentiment", {}, official("trees/{}.txt", published.trees), (20, 6, 4)),
    "TREC": (
        "questions",
        {},
        {"train_5500.label": published.questions(20), "TREC_10.label": published.questions(4)},
        (18, 2, 4),
    ),
    "TREC, all sizes": (
        "questions",
        {},
        {f"train_{size}.label": published.questions(size // 100) for size in (1000, 2000, 3000, 4000, 5500)}
        | {"TREC_10.label": published.questions(4)},
        (50, 5, 4),
    ),
    "TREC, a small size": (
        "questions",
        {},
        {"train_1000.label": published.questions(10), "TREC_10.label": published.questions(4)},
        (9, 1, 4),
    ),
    "TREC, a copy": (
        "questions",
        {},
        {"train.txt": published.questions(20), "test.txt": published.questions(4)},
        (18, 2, 4),
    ),
    "SST-2 of GLUE": (
        "sentiment",
        {},
        {
            "train.tsv": published.table(20, text="sentence"),
            "dev.tsv": published.table(6, text="sentence"),
            "test.tsv": "index\tsentence\n0\ta film\n",
            "original/README.txt": "x",
        },
        (18, 2, 6),
    ),
    "Yelp": (
        "sentiment",
        {},
        {
            f"{part}.csv": "".join(f'"{1 + n % 2}","a film, {n}"\n' for n in range(count))
            for part, count in (("train", 20), ("test", 4))
        }
        | {"readme.txt": "x"},
        (18, 2, 4),
    ),
    "polarity with its notes": (
        "sentiment",
        {},
        {
            "rt-polarity.pos": published.lines(10, "good"),
            "rt-polarity.neg": published.lines(10, "bad"),
            "rt-polaritydata.README.1.0.txt": "x",
        },
        (16, 2, 2),
    ),
    "splice junctions": (
        "dna",
        {},
        {"splice.data": published.windows(20), "splice.names": "1. Title: DNA\n"},
        (16, 2, 2),
    ),
    "Multi30k": ("translation", {}, MULTI30K, (20, 6, 4)),
    "Multi30k, another test": ("translation", {"test_set": "2017_mscoco"}, MULTI30K, (20, 6, 3)),
    "Multi30k, to French": ("translation", {"target_language": "fr"}, MULTI30K, (20, 6, 4)),
    "Multi30k, tokens": (
        "translation",
        {},
        {
            f"{part}.lc.norm.tok.{language}": published.lines(count, language)
            for language in ("en", "de")
            for part, count in (("train", 20), ("val", 6), ("test_2016_flickr", 4), ("test_2018_flickr", 3))
        },
        (20, 6, 4),
    ),
    "Multi30k, of torchtext": (
        "translation",
        {},
        {
            f"{part}.{language}": published.lines(count, language)
            for language in ("en", "de")
            for part, count in (("train", 20), ("val", 6), ("test2016", 4))
        },
        (20, 6, 4),
    ),
    "one pair of files": (
        "translation",
        {},
        {f"europarl-v7.de-en.{language}": published.lines(20, language) for language in ("en", "de")},
        (16, 2, 2),
    ),
    "Tatoeba": (
        "translation",
        {},
        {"deu.txt": "".join(f"Go {n}.\tGeh {n}.\tCC-BY 2.0\n" for n in range(20))},
        (16, 2, 2),
    ),
    "a table by language": (
        "translation",
        {},
        {"mine.csv": "de,en\n" + "".join(f"a{n},b{n}\n" for n in range(20))},
        (16, 2, 2),
    ),
    "SIGMORPHON, phonemes": ("pronunciation", {"language": "fre"}, SIGMORPHON_G2P, (20, 6, 4)),
    "SIGMORPHON, inflection": ("inflection", {}, SIGMORPHON_2017, (20, 6, 4)),
    "SIGMORPHON, French": ("inflection", {"language": "french"}, SIGMORPHON_2017, (30, 5, 5)),
    "SIGMORPHON 2020": (
        "inflection",
        {},
        official("deu.{}", published.inflections, names=("trn", "dev", "tst")),
        (20, 6, 4),
    ),
    "SIGMORPHON 2023": (
        "inflection",
        {"language": "deu"},
        official("deu.{}", lambda n: published.inflections(n, features_last=False), names=("trn", "dev", "tst")),
        (20, 6, 4),
    ),
    "UniMorph": ("inflection", {}, {"deu": published.inflections(20), "README.md": "x", "LICENSE": "x"}, (16, 2, 2)),
    "UEA": (
        "activity",
        {},
        {
            "A_TRAIN.ts": published.series(20),
            "A_TEST.ts": published.series(4),
            "A_TRAIN.arff": "@relation A\n@attribute x\n",
            "A.txt": "About A\n",
        },
        (16, 4, 4),
    ),
    "UEA, one file": ("activity", {}, {"A_TRAIN.ts": published.series(22)}, (18, 2, 2)),
    "JSB chorales": (
        "music",
        {"transpose": 0},
        {
            "jsb-chorales-quarter.json": published.chorales(20, 6, 4),
            "jsb-chorales-16th.json": published.chorales(10, 5, 5),
            "Jsb16thSeparated.json": published.chorales(10, 5, 5),
        },
        (20, 6, 4),
    ),
    "JSB chorales, another": (
        "music",
        {"transpose": 0},
        {"jsb-chorales-8th.json": published.chorales(10, 5, 3)},
        (10, 5, 3),
    ),
    "kanji": ("strokes", {}, {"kanji.npz": published.npz(20, 6, 4)}, (20, 6, 4)),
    "Quick, Draw!": ("strokes", {}, {"cat.ndjson": published.quick_draw(20)}, (16, 2, 2)),
    "MNIST": (
        "pixels",
        {},
        {
            "train-images-idx3-ubyte": published.idx_pictures(20),
            "train-labels-idx1-ubyte": published.idx_pictures(20, axes=1),
            "t10k-images-idx3-ubyte": published.idx_pictures(4),
            "t10k-labels-idx1-ubyte": published.idx_pictures(4, axes=1),
        },
        (18, 2, 4),
    ),
    "MNIST, with dots": (
        "pixels",
        {},
        {"train-images.idx3-ubyte": published.idx_pictures(20), "t10k-images.idx3-ubyte": published.idx_pictures(4)},
        (18, 2, 4),
    ),
    "Sim-M": ("dialogue", {}, official("{}.json", published.dialogues), (20, 6, 4)),
    "pointer networks": (
        "convex_hull",
        {},
        {
            f"convex_hull_{name}.txt": published.points(count)
            for name, count in (("5-50_train", 20), ("5_test", 2), ("10_test", 3))
        },
        (18, 2, 5),
    ),
    "parallel summaries": (
        "copying",
        {"minimum_count": 1},
        {
            f"{part}.{side}": published.lines(count, "a")
            for side in ("source", "target")
            for part, count in (("train", 20), ("val", 6), ("test", 4))
        },
        (20, 6, 4),
    ),
}


def sizes(name, arguments, path):
    splits = splits_of(name, data=str(path), **arguments)
    return tuple(len(splits.raw[part]) for part in PARTS)


@pytest.mark.filterwarnings("ignore:.*left out, as of none of the formats")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_published_set_is_read_as_it_is_unpacked(layout, tmp_path):
    name, arguments, files, expected = LAYOUTS[layout]
    files = {
        file: gzip.compress(content.encode()) if file.endswith(".txt.gz") else content
        for file, content in files.items()
    }
    folder = published.write_all(tmp_path / "data", files)
    assert sizes(name, arguments, folder) == expected or len(files) == 1
    if len(files) == 1:
        assert sizes(name, arguments, next(iter(folder.iterdir()))) == expected


def test_every_text_file_may_be_zipped(tmp_path):
    for name, content in official("en-ud-{}.conllu", published.universal).items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content.encode()))
    assert sizes("tagging", {}, tmp_path) == (20, 6, 4)


@pytest.mark.parametrize("name", ["cmudict", "cmudict/cmudict.dict", "librispeech-lexicon.txt", "lexicon"])
def test_dictionaries(name, tmp_path):
    published.write_all(tmp_path / "cmudict", CMUDICT)
    tabs = "".join(line.replace(" ", "\t", 1) + "\n" for line in published.dictionary(400).splitlines())
    published.write_all(tmp_path, {"librispeech-lexicon.txt": tabs, "lexicon": published.dictionary(400)})
    splits = splits_of("pronunciation", data=str(tmp_path / name))
    assert sum(len(part) for part in splits.raw.values()) == 400
    assert splits.raw["train"][0]["target"].split()[1] == "AH"
    stressed = splits_of("pronunciation", data=str(tmp_path / name), stress=True)
    assert stressed.raw["train"][0]["target"].split()[1] == "AH0"


@pytest.mark.parametrize("name", ["eng_latn_us_broad.tsv", "wikipron", "mine.txt", "mine.dict"])
def test_a_table_of_words_and_phonemes_without_a_header(name, tmp_path):
    lines = published.pronunciations(400) + "New York\tn j uː j ɔ k\nword1\tw ɜː d\nword1\tw ɔ1 d\n"
    (tmp_path / name).write_text(lines)
    splits = splits_of("pronunciation", data=str(tmp_path / name))
    examples = {(each["source"], each["target"]) for part in splits.raw.values() for each in part}
    assert len(examples) == 402  # a line that comes twice counts once
    assert {("New York", "n j uː j ɔ k"), ("word1", "w ɜː d"), ("word1", "w ɔ1 d")} <= examples
    assert {"ɔ1", "d"} <= set(splits.vocabularies["target"].tokens)
    # All pronunciations of a word are in one split.
    own = [part for part in PARTS if any(each["source"] == "word1" for each in splits.raw[part])]
    assert len(own) == 1


def test_statements_of_nlvr_as_published(tmp_path):
    for part, count in (("train", 20), ("dev", 6), ("test", 4)):
        rows = [
            {"sentence": f"There are {n} boxes.", "label": "false" if n == 1 else "true", "identifier": f"{n}-0",
             "directory": str(n % 2)}
            for n in range(count)
        ]  # fmt: skip
        published.write_all(tmp_path / part, {f"{part}.json": "".join(json.dumps(row) + "\n" for row in rows)})
        names = [f"{part}/images/{n % 2}/{part}-{n}-0-{order}.png" for n in range(count) for order in range(2)]
        published.write_pictures(tmp_path, names)
    splits = splits_of("captioning", data=str(tmp_path), height=2, width=2)
    assert [len(splits.raw[part]) for part in PARTS] == [19, 5, 3]
    assert splits.raw["test"][1] | {"picture": None} == {
        "picture": None, "target": "there are 2 boxes", "captions": ["there are 2 boxes"], "file": "test-2-0-0.png",
        "directory": "0",
    }  # fmt: skip
    assert (splits.raw["test"][1]["picture"] == 4).all()  # the first of the two of its statement


@pytest.mark.parametrize("columns", ["file,caption", "image,caption", "file_name,text"])
def test_tables_of_captions(columns, tmp_path):
    published.write_pictures(tmp_path, [f"{number}.png" for number in range(12)])
    rows = "".join(f"{number}.png,a picture\n" for number in range(12))
    (tmp_path / "metadata.csv").write_text(f"{columns}\n{rows}")
    (tmp_path / "other.csv").write_text("x,y\n1,2\n")
    splits = splits_of("captioning", data=str(tmp_path), height=2, width=2)
    assert sum(len(part) for part in splits.raw.values()) == 12


def test_spoken_digits_and_words_as_published(tmp_path):
    digits = [f"recordings/{digit}_ann_{n}.wav" for digit in range(2) for n in range(12)]
    published.write_sounds(tmp_path / "fsdd", digits)
    (tmp_path / "fsdd" / "metadata.py").write_text("x = 1\n")
    assert sizes("speech", {"perturb": False}, tmp_path / "fsdd") == (4, 10, 10)
    words = [f"{word}/{n}.wav" for word in ("yes", "no") for n in range(6)]
    published.write_sounds(tmp_path / "words", [*words, "_background_noise_/hum.wav"])
    lists = {"validation_list.txt": "yes/0.wav\nno/0.wav\n", "testing_list.txt": "yes/1.wav\nno/1.wav\nno/2.wav\n"}
    published.write_all(tmp_path / "words", lists)
    splits = splits_of("speech", data=str(tmp_path / "words"))
    assert [len(splits.raw[part]) for part in PARTS] == [7, 2, 3]
    assert splits.vocabularies["labels"].names == ["no", "yes"]


def test_midi_files_in_folders_of_splits(tmp_path):
    names = [f"{part}/{n}.mid" for part, count in (("train", 8), ("valid", 3), ("test", 2)) for n in range(count)]
    published.write_pieces(tmp_path, names)
    assert sizes("music", {"transpose": 0}, tmp_path) == (8, 3, 2)


def test_texts_of_other_names_are_long_ones(tmp_path):
    for name in ("text8", "enwik8", "mine.md"):
        (tmp_path / name).write_text("abcdefgh" * 100)
        splits = splits_of("language_model", data=str(tmp_path / name), rows=1, steps=8)
        assert [len(splits.raw[part][0]["target"]) for part in PARTS] == [640, 80, 81]
    for part in ("train", "valid", "test"):
        (tmp_path / f"wiki.{part}.tokens").write_text(published.lines(9))
    for name in ("text8", "enwik8", "mine.md"):
        (tmp_path / name).unlink()
    assert sizes("language_model", {"level": "word"}, tmp_path) == (9, 9, 9)


def test_known_series_under_other_names(tmp_path):
    (tmp_path / "AirPassengers.csv").write_text(published.months(40))
    table, known = series_sources.load(str(tmp_path / "AirPassengers.csv"), None, 0, 0)
    assert known is series_sources.KNOWN["passengers"]
    assert len(table.values) == 40
    (tmp_path / "mine.csv").write_text(published.months(40, "Sales"))
    assert series_sources.load(str(tmp_path / "mine.csv"), None, 0, 0)[1].target == "Sales"
    (tmp_path / "AirPassengers.csv").unlink()
    assert series_sources.load(str(tmp_path), None, 0, 0)[1].target == "Sales"


@pytest.mark.parametrize(("step", "name"), [(60, "ett_h1"), (15, "ett_m1")])
def test_all_four_transformer_series(step, name, tmp_path):
    rows = (f"2016-07-01 {n * step // 60:02}:{n * step % 60:02}:00,1,2\n" for n in range(8))
    text = "date,HUFL,OT\n" + "".join(rows)
    (tmp_path / "mine.csv").write_text(text)
    assert series_sources.recognise(tmp_path / "mine.csv") == name
    for file in ("ETTh2.csv", "ETTm2.csv"):
        (tmp_path / file).write_text(text)
        assert series_sources.KNOWN[series_sources.recognise(tmp_path / file)].file == file


@pytest.mark.parametrize("name", ["promoters.data", "mine.tsv", "mine.csv", "mine.txt"])
def test_tables_of_class_name_and_sequence(name, tmp_path):
    """F: any classes, any lengths, commas or tabs, with a header or without."""
    between = "\t" if name == "mine.tsv" else ","
    before = "\t\t" * (name == "promoters.data")
    rows = [("+-"[n % 2], f"S{n}", before + published.base(n, 5 + n % 3).lower()) for n in range(20)]
    if name in ("mine.csv", "mine.txt"):
        rows = [("sequence", "class", "name"), *((row[2], row[0], row[1]) for row in rows)]
    (tmp_path / name).write_text("".join(between.join(row) + "\n" for row in rows))
    splits = splits_of("dna", data=str(tmp_path / name))
    assert splits.vocabularies["labels"].names == ["+", "-"]
    assert {len(bases) for part in splits.raw.values() for bases, _ in part} == {5, 6, 7}
    assert set("".join(bases for part in splits.raw.values() for bases, _ in part)) == set("ACGT")
    assert {label for _, label in splits.raw["test"]} == {"+", "-"}  # by class, not by index


@pytest.mark.parametrize(
    ("name", "content", "tried"),
    [
        (
            "commands",
            "walk twice\n",
            ["SCAN", r"line 1 is not IN: \.\.\. OUT: \.\.\.", "JSON lines", "a table", "a tab"],
        ),
        ("sentiment", "a film\n", ["JSON lines with text and label", "a table with the columns sentence and label"]),
        ("questions", "a film\n", ["TREC", "JSON lines", "a table with the columns text and label-coarse"]),
        ("dna", "a film\n", [r"class, name, sequence of bases a line \(UCI\)", "JSON lines"]),
        ("activity", "1,2\n", [r"UEA archive \(\.ts\)"]),
        ("tagging", "word\n", ["JSON lines with tokens and tags", "CoNLL-U", "a token and its tag a line"]),
        ("tree_sentiment", "word\n", [r"trees in brackets \((mine: )?line 1 does not begin with \(\)"]),
        ("question_answering", "word\n", ['JSON lines with "story"', "bAbI", "the published archive"]),
        ("music", "word\n", ["JSB chorales"]),
        ("strokes", "word\n", [r"\.npz", "JSON lines of drawings"]),
        ("pixels", "word\n", [r"IDX file \(MNIST\)"]),
        ("translation", "word\n", ["JSON lines with source and target", "columns en and de", "line 1 has no tab"]),
        ("pronunciation", "word\n", ["CMUdict", "its first word has no phonemes", "WikiPron, SIGMORPHON"]),
        ("inflection", "word\n", ["UniMorph, SIGMORPHON", "line 1 has 1 columns"]),
        ("dialogue", "word\n", ["Sim-M, Sim-R", 'JSON lines with "turns"']),
        ("convex_hull", "word\n", ["pointer networks", "line 1 does not begin with numbers"]),
    ],
)
@pytest.mark.parametrize("is_folder", [False, True])
def test_what_is_of_no_format_is_told_which_were_tried(name, content, tried, is_folder, tmp_path):
    (tmp_path / "mine").write_text(content)
    if is_folder and name in ("sentiment", "questions", "dna", "activity", "pixels", "music", "question_answering"):
        return  # their folders may hold other things: texts by class, recordings, pictures
    with pytest.raises(DataError) as told:
        splits_of(name, data=str(tmp_path if is_folder else tmp_path / "mine"))
    for words in tried:
        told.match(words)


def test_files_named_by_split_are_no_classes(tmp_path):
    published.write_all(tmp_path, {"train.txt": published.lines(20), "test.txt": published.lines(4)})
    with pytest.raises(DataError, match="files in one of the formats: JSON lines with text and label"):
        splits_of("sentiment", data=str(tmp_path))
