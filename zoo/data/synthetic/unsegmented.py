"""Sentences without spaces, in a script of characters that are a word alone or a part of longer ones."""

import numpy as np

from zoo.data.synthetic.grammar import Grammar

CHARACTERS = (
    "山水火木土石田林海河江湖花草米竹馬牛羊魚鳥犬虫貝日月星雲雨雪風春夏秋冬東西南北上中下左右前後內外"
    "大小高長短新古明白青赤黑金銀玉衣食車舟門戶室家村町市國王民友父母兄弟男女老少心手足目耳口頭身力"
    "的了不在是很把個們與他我這"  # the words of grammar occur in others, too
    "生死行走立坐見聞言語書文字畫歌樂學問教知思愛好安平和正直美真善名聲光色香味音早夜朝夕年時分半多"
)
SURNAMES, GIVEN_NAMES = "王林高馬金白江石", "明美文安和真春花玉光星雪"
DIGITS = "一二三四五六七八九"
USED = 70  # characters that the lexicon keeps: few, so that they meet often
LEXICON_SEED = 20  # the language itself: the same for every seed of sentences
RULES = {
    "SENTENCE": "3 * CLAUSE 。 | 2 * CLAUSE ， CLAUSE 。 | WHEN CLAUSE 。 | WHEN ， CLAUSE 。 | CLAUSE 嗎 ？ | "
    "CLAUSE 而 CLAUSE 。",
    "CLAUSE": "4 * WHO VERB WHAT | 2 * WHO ADVERB VERB WHAT | WHO 不 VERB WHAT | WHO 在 WHAT VERB | "
    "WHO 把 WHAT VERB 了 | WHAT 是 WHAT | WHO VERB 了 WHAT | WHAT 很 QUALITY | WHO 與 WHO VERB",
    "WHO": "2 * NOUN | NAME | 他 | 我 | NOUN 們 | NAME 的 NOUN",
    "WHAT": "4 * NOUN | 2 * QUALITY NOUN | QUALITY 的 NOUN | NUMBER 個 NOUN | 這 NOUN | NOUN 的 NOUN",
    "WHEN": "TIME | NUMBER 年 | TIME 的 時候",
    "NUMBER": " | ".join(tens + "十" + ones for tens in ("", *DIGITS[1:]) for ones in DIGITS),
    "NAME": " | ".join(first + a + b for first in SURNAMES for a in GIVEN_NAMES for b in ("", *GIVEN_NAMES)),
}


def _lexicon() -> dict[str, str]:
    """Words of each kind; the first, which are the shortest, are drawn more often (21 : 11 : 7 : ... : 1)."""
    rng = np.random.default_rng(LEXICON_SEED)
    characters = rng.permutation(list(CHARACTERS))[:USED]
    # Weighted, so that common characters occur in many words, and words overlap where they meet.
    chances = 1 / np.arange(4, 4 + len(characters))
    rules, known = {}, set()
    for kind, words in {"NOUN": 220, "VERB": 110, "QUALITY": 50, "ADVERB": 20, "TIME": 20}.items():
        drawn: list[str] = []
        while len(drawn) < words:
            length = rng.choice([1, 2, 3, 4], p=[0.3, 0.6, 0.07, 0.03])
            word = "".join(rng.choice(characters, length, p=chances / chances.sum()))
            if word not in known:
                known.add(word)
                drawn.append(word)
        drawn.sort(key=len)
        rules[kind] = " | ".join(f"{1 + 20 // rank} * {word}" for rank, word in enumerate(drawn, start=1))
    return rules


GRAMMAR = Grammar(RULES | _lexicon())


def generate(count: int, *, seed: int = 0) -> list[tuple[str, list[str]]]:
    """Draw sentences of an invented language in CJK characters, and their words.

    A few hundred words of one to four characters out of 70, so that the same characters are one word here and two
    there; numbers and people's names are of open kinds. The characters are real, the words are not. Baselines:
    every character a word has an F1 of about 0.49; the longest known word that fits, from left to right, about 0.95.

    Args:
        count: examples.
        seed: of the sentences; the lexicon stays the same.
    Shapes:
        (text of S characters, its words): `"".join(words) == text`.
    """
    rng = np.random.default_rng(seed)
    sentences = ([word for word, _ in GRAMMAR.sample("SENTENCE", rng)] for _ in range(count))
    return [("".join(words), words) for words in sentences]
