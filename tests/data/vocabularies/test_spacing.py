"""What was split joins again as a person wrote it, in every script, and texts whose marks stand apart keep them so."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.vocabularies.spacing import Spacing
from zoo.data.vocabularies.words import normalize, split_words

TEXTS = {
    "english": 'The film is good, isn\'t it? "Yes," he said, "it costs $3.50 (or 1,000)." At 10:30, well-known.',
    "single quotes": "He said 'no' and 'yes', all right.",
    "spanish": "¿Qué tal? ¡Bien, gracias!",
    "french": "« Oui », dit-il ; l’été…",
    "german": "„Ja“, sagte er.",
    "hindi": "राम घर जाता है। क्या तुम आओगे?",
    "tamil": "தமிழ் மொழி அழகு, நன்றி.",
    "thai": "สวัสดีครับ ผมชื่อจอห์น (ยินดี)",
    "arabic": "هل كَتَبَ الوَلَدُ؟ نعم، كَتَبَ.",
    "hebrew": 'שָׁלוֹם, עוֹלָם! זה צה"ל.',
    "persian": "می‌خواهم کتاب‌ها را ببینم؛ باشه.",
    "decomposed": "cafe\u0301 cre\u0300me, s'il vous plai\u0302t.",
    "emoji": "I love my 👨‍👩‍👧‍👦, from 🇮🇳!",
    "emoji in a row": "Well done 🎉🎉👏🏽",
    "turkish": "İstanbul'da ısı düşük.",
    "vietnamese": "Tôi yêu tiếng Việt, còn bạn?",
    "chinese": "我喜欢你，世界。",
    "tibetan": "བཀྲ་ཤིས་བདེ་ལེགས།",
    "armenian": "Ինչպե՞ս ես, լա՛վ։",
    "marks apart": "hello , i am ada . who are you ?",
    "khmer": "ភាសា\u200bខ្មែរ\u200bល្អ។",
}


@pytest.mark.parametrize("script", TEXTS)
def test_texts_join_again(script):
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, TEXTS[script])
        assert Spacing.learn([text]).join(split_words(text)) == normalize(text)


def test_texts_of_many_scripts_join_again_together():
    together = [text for name, text in TEXTS.items() if name != "marks apart"] * 3
    spacing = Spacing.learn(together)
    for text in together:
        assert spacing.join(split_words(text)) == normalize(text)
    new = 'कौन है? "राम," सीता ने कहा, "वह (मेरा) भाई है।"'  # of marks and scripts that met elsewhere
    assert spacing.join(split_words(new)) == new


def test_the_majority_decides():
    texts = ["yes, no", "yes, no", "yes , no", "(a", "a ( b"]
    assert Spacing.learn(texts).join(["no", ",", "yes"]) == "no, yes"
    assert Spacing.learn(texts).join(["b", "(", "c"]) == "b ( c"  # as often so as so


def test_marks_that_never_met_stand_as_they_do_beside_words():
    spacing = Spacing.learn(["he (she) said: yes!", "¡no"])
    assert spacing.join(["a", "(", "¡", "b", "!", ")", ":"]) == "a (¡b!):"


def test_numbers_are_no_words():
    spacing = Spacing.learn(["It is 3.5, or 1,000. So, yes. At 10:30: tea, at 9:15: cake"])
    assert spacing.join(split_words("yes, 2.25. At 7:45: tea")) == "yes, 2.25. At 7:45: tea"


def test_tokens_in_lists_stand_apart():
    spacing = Spacing.learn([["(", "a", ",", "b", ")", "."], ["it", "'", "s"]])
    assert spacing.join(["(", "a", ",", "'", ".", "."]) == "( a , ' . ."
    assert spacing.to_json() == {}
    assert Spacing().join(["a", "."]) == "a ."


@given(st.lists(st.sampled_from(['"', "'", "a", "3", "(", ")", ",", ".", "👍", "<unknown>", "है", "।"])))
def test_more_tokens_only_add_to_the_end(tokens):
    """What is shown token by token never changes."""
    spacing = Spacing.learn(TEXTS.values())
    for count in range(len(tokens)):
        assert spacing.join(tokens).startswith(spacing.join(tokens[:count]))


@given(st.lists(st.text(alphabet="ab1 ,.(\"'।👍"), min_size=1))
def test_it_comes_back_from_json(texts):
    spacing = Spacing.learn(texts)
    loaded = Spacing.from_json(spacing.to_json())
    assert loaded.to_json() == spacing.to_json()
    assert [loaded.join(split_words(text)) for text in texts] == [spacing.join(split_words(text)) for text in texts]


@pytest.mark.parametrize(
    "content", [{"joined": [["a"]]}, {"joined": [["a", 1]]}, {"openers": [3]}, {"closers": None}, {"other": []}]
)
def test_other_json_is_refused(content):
    with pytest.raises((ValueError, TypeError)):
        Spacing.from_json(content)
