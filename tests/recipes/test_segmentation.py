import pytest

from tests.runs import splits_of
from zoo.experiments import run
from zoo.recipes import segmentation

QUICK = run.Settings(quick=True, epochs=1, verbose=0)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A short run, to be read only."""
    out = tmp_path_factory.mktemp("runs") / "words"
    return run.train("segmentation", out=out, settings=QUICK, examples=60, units=8, embedding_size=8)


def test_trains_and_segments_text(trained):
    assert set(trained.metrics["test"]) == {"accuracy", "f1"}
    assert trained.metrics["baseline"]["longest_match_f1"] > 0.3
    prediction = trained.predict(["他是王明。"])[0]
    assert segmentation.format_prediction(prediction).replace(" ", "") == "他是王明。"


def test_paths_make_whole_words(trained):
    texts = [text for text, _ in splits_of("segmentation", examples=20, seed=5).raw["train"]]
    for text, prediction in zip(texts, trained.predict(texts), strict=True):
        words = segmentation.words_of(prediction.input, prediction.output)
        assert "".join(words) == text
        assert segmentation.tags_of(words) == prediction.output


def test_tags_and_words():
    words = ["同樣", "，", "加速度", "民主主義"]
    tags = ["B", "E", "S", "B", "I", "E", "B", "I", "I", "E"]
    assert segmentation.tags_of(words) == tags
    assert segmentation.words_of("".join(words), tags) == words


def test_characters_are_cut_nowhere(tmp_path):
    """Vowel signs and tone marks of Thai stay with their letters, and accents have one spelling."""
    assert segmentation.tags_of(["ที่นี่", "น้ำ"]) == ["B", "E", "S"]
    assert segmentation.words_of("ที่นี่น้ำ", ["B", "E", "S"]) == ["ที่นี่", "น้ำ"]
    assert segmentation.whole_characters(["cafe", "\u0301", "ละ", "ที่", "นี่"]) == ["café", "ละ", "ที่", "นี่"]
    lines = [f"ที่นี่ มี cafe\u0301 {number}\nผู้ใหญ่ ดี {number}\n" for number in range(10)]
    (tmp_path / "mine.txt").write_text("".join(lines), encoding="utf-8")
    splits = splits_of("segmentation", data=str(tmp_path / "mine.txt"))
    tokens = splits.vocabularies["tokens"]
    for text, tags in splits.raw["train"]:
        assert len(tokens.encode(text)) == len(tags)
    assert {"ที่", "นี่", "มี", "é"} <= set(tokens.tokens)


def test_own_files(tmp_path):
    (tmp_path / "mine.txt").write_text("他 是 王明 。\n\n我 很 好 。\n" * 10, encoding="utf-8")
    splits = splits_of("segmentation", data=str(tmp_path / "mine.txt"))
    assert splits.raw["test"][0] == ("他是王明。", ["S", "S", "B", "E", "S"])
    assert [len(splits.raw[name]) for name in ("train", "validation", "test")] == [16, 2, 2]


@pytest.mark.real_data
def test_universal_dependencies(real_data):
    splits = splits_of("segmentation", data=str(real_data / "ud_chinese_gsd_dev_test"))
    # dev without its last 50 sentences, these, and test
    assert [len(splits.raw[name]) for name in ("train", "validation", "test")] == [450, 50, 500]
    words = [segmentation.words_of(*example) for example in splits.raw["test"]]
    assert sum(map(len, words)) == 12010
    assert segmentation.baseline(splits)["longest_match_f1"] > 0.5
