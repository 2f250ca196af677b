import re
from itertools import accumulate

from zoo.data.synthetic import unsegmented


def spans(words):
    ends = list(accumulate(map(len, words)))
    return set(zip([0, *ends], ends, strict=False))


def longest_match(text, lexicon):
    words = []
    while text:
        length = next((length for length in (4, 3, 2) if text[:length] in lexicon), 1)
        words.append(text[:length])
        text = text[length:]
    return words


def f1(examples, segment):
    true, guessed = (
        [spans(words) for words in column] for column in ([w for _, w in examples], [segment(t) for t, _ in examples])
    )
    right = sum(len(one & other) for one, other in zip(true, guessed, strict=True))
    return 2 * right / (sum(map(len, true)) + sum(map(len, guessed)))


def test_words_make_up_the_text():
    for text, words in unsegmented.generate(500):
        assert "".join(words) == text and all(words)
        assert re.fullmatch(r"[\u4e00-\u9fff，]+[。？]", text)


def test_neither_characters_nor_a_lexicon_are_enough():
    lexicon = {word for _, words in unsegmented.generate(3000, seed=1) for word in words}
    examples = unsegmented.generate(500, seed=2)
    assert f1(examples, list) < 0.6
    assert 0.8 < f1(examples, lambda text: longest_match(text, lexicon)) < 0.97


def test_lexicon_is_of_the_language_and_not_of_the_seed():
    first, second = ({w for _, words in unsegmented.generate(3000, seed=s) for w in words} for s in (1, 2))
    assert len(first & second) > 0.5 * len(first)
    assert second - first  # names and numbers are of open kinds
