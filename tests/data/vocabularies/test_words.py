"""Words of many scripts stay whole, and English is split as it always was."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.data.vocabularies.words import lowercase, normalize, split_graphemes, split_words

# Ordinary sentences: words between blanks, apart from the marks at their ends.
SENTENCES = {
    "hindi": "राम घर जाता है ।",
    "hindi joiners": "क्‍ष और क्‌ष",
    "tamil": "தமிழ் மொழி அழகு .",
    "bengali": "আমি বাংলায় গান গাই ।",
    "malayalam": "അവന്‍ വന്നു .",
    "sinhala": "ශ්‍රී ලංකාව",
    "thai": "ผู้ใหญ่ น้ำ ที่นี่",
    "burmese": "မြန်မာ စာ ။",
    "arabic": "كَتَبَ الوَلَدُ الدَّرْسَ ؟",
    "hebrew": "שָׁלוֹם עוֹלָם !",
    "hebrew abbreviations": 'צה"ל צה״ל ג׳ירפה רח׳',
    "persian": "می‌خواهم کتاب‌ها را ببینم .",
    "urdu": "میں گھر جاتا ہوں ۔",
    "vietnamese": "Tôi yêu tiếng Việt .",
    "turkish": "İstanbul'da ısı düşük",
    "armenian": "Ինչպե՞ս ես",
    "catalan": "col·lecció intel·ligent",
    "without a composed form": "x̂ ə́ ñ̈",
    "phonemes": "t͡ʃ ʊ ɾ",
    "soft hyphens": "co\u00adoperate",
    "families": "👨‍👩‍👧‍👦 👩🏽‍🚀 ❤️‍🔥 👍🏿",
    "flags": "🇮🇳 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏳️‍🌈",
    "keycaps": "1️⃣ #️⃣",
    "korean": "나는 학교에 간다",
    "chinese": "我喜欢 你 。",
}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("script", SENTENCES)
def test_words_of_every_script_stay_whole(script, form):
    text = SENTENCES[script]
    expected = unicodedata.normalize("NFC", text).split()
    assert split_words(unicodedata.normalize(form, text)) == expected


def test_the_file_with_the_kind(cases):
    for line in (cases / "indic_words" / "hindi.tsv").read_text("utf-8").splitlines():
        for text in line.split("\t"):
            assert split_words(text) == text.split()


def test_neighbours_without_a_blank_are_tokens_of_their_own():
    assert split_words("Hi👨‍👩‍👧🇮🇳🇫🇷!") == ["Hi", "👨‍👩‍👧", "🇮🇳", "🇫🇷", "!"]
    assert split_words("है।आओ") == ["है", "।", "आओ"]
    assert split_words('"שלום"') == ['"', "שלום", '"']
    # Direction marks around a word, and the blank without width of Khmer, are no part of it.
    assert split_words("\u200fשלום\u200f.") == ["\u200f", "שלום", "\u200f", "."]
    assert split_words("ភាសា\u200bខ្មែរ") == ["ភាសា", "\u200b", "ខ្មែរ"]


def test_scripts_without_blanks_are_runs():
    assert split_words("สวัสดีครับ ผมชื่อจอห์น") == ["สวัสดีครับ", "ผมชื่อจอห์น"]
    assert split_words("我喜欢你，世界。") == ["我喜欢你", "，", "世界", "。"]


# How English was split before other scripts were: published figures depend on it.
ENGLISH = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
ENGLISH_CHARACTERS = "abzABZ019_ \t\n'’‘“”\"-–—.,;:!?()[]{}<>/\\|@#$%^&*+=~`…€£é§½²ßñ\u00a0\u2009"
# But for soft hyphens and the dot of Catalan, which cut words before.
LATIN = st.characters(max_codepoint=0xFF, exclude_characters="\u00ad\u00b7")


@settings(max_examples=300)
@given(st.one_of(st.text(alphabet=ENGLISH_CHARACTERS), st.text(LATIN)))
def test_english_is_split_as_it_always_was(text):
    assert split_words(text) == ENGLISH.findall(text)


def test_english_by_hand():
    assert split_words("It isn't state-of-the-art...") == ["It", "isn't", "state-of-the-art", ".", ".", "."]
    assert split_words("$3.50, 'quoted' x_1") == ["$", "3", ".", "50", ",", "'", "quoted", "'", "x_1"]


@settings(max_examples=200)
@given(st.text())
def test_nothing_but_blanks_is_lost(text):
    tokens = split_words(text)
    assert "".join(tokens) == re.sub(r"\s", "", normalize(text))
    assert [word for token in tokens for word in split_words(token)] == tokens
    assert "".join(split_graphemes(text)) == normalize(text)


def test_characters_are_those_that_readers_count():
    assert split_graphemes("नमस्ते") == ["न", "म", "स्ते"]
    assert split_graphemes("ที่นี่") == ["ที่", "นี่"]
    assert split_graphemes("e\u0301👨‍👩‍👧🇮🇳") == ["é", "👨‍👩‍👧", "🇮🇳"]


def test_lower_case():
    assert lowercase("İSTANBUL") == lowercase("I\u0307STANBUL") == "istanbul"
    assert lowercase("J\u030c ÉCOLE E\u0301") == "\u01f0 école é"
    assert lowercase("ΟΔΟΣ") == "οδος"


@settings(max_examples=200)
@given(st.text())
def test_lower_case_of_lower_case_is_itself(text):
    assert lowercase(lowercase(text)) == lowercase(text)
    assert unicodedata.is_normalized("NFC", lowercase(text))


def test_splitting_is_linear_in_the_text():
    # Would take hours if it were tried anew from each of them.
    for text in ("a\u00ad" * 50_000, "a" + "\u00ad" * 100_000, "a-" * 50_000, "'" * 100_000, "e\u0301" * 50_000):
        assert split_words(text)
