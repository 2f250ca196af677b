from pathlib import Path

import pytest

from zoo.data.readers import conll
from zoo.storage.files import DataError

CASES = Path(__file__).parents[1] / "cases" / "columns"
# Two sentences in the form of WNUT 2017: a line between them is not empty, the file has no last line end.
ENTITIES = "Empire\tB-location\nState\tI-location\n\t\n#\tO\nsunny\tO"

UNIVERSAL = """\
# sent_id = 1
# text = Don't cry
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\tMood=Imp\t3\taux\t3:aux\t_
2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t3:advmod\t_
2.1\tyou\tyou\tPRON\tPRP\t_\t_\t_\t3:nsubj\t_
3\tcry\tcry\tVERB\tVB\t_\t0\troot\t0:root\t_

# text = New York
1\tNew York\t_\tPROPN\tNNP\t_\t0\troot\t0:root\t_
"""


@pytest.mark.parametrize("name", ["a.conll", "a.conll.gz"])
def test_plain_columns(write, name):
    assert conll.read(write(name, ENTITIES)) == [
        (["Empire", "State"], ["B-location", "I-location"]),
        (["#", "sunny"], ["O", "O"]),
    ]


def test_columns_between_blanks(write):
    path = write("a.txt", "-DOCSTART- -X- -X- O\n\nEU  NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n\n")
    assert conll.read(path) == [(["EU", "rejects"], ["B-ORG", "O"])]
    assert conll.read(path, column=1) == [(["EU", "rejects"], ["NNP", "VBZ"])]


@pytest.mark.parametrize("name", ["a.conllu", "a.conllu.gz"])
@pytest.mark.parametrize(
    ("column", "tags"),
    [
        ("upos", [["AUX", "PART", "VERB"], ["PROPN"]]),
        ("xpos", [["VB", "RB", "VB"], ["NNP"]]),
        ("lemma", [["do", "not", "cry"], ["_"]]),
        ("form", [["Do", "n't", "cry"], ["New York"]]),
    ],
)
def test_universal_columns(write, name, column, tags):
    tokens = [["Do", "n't", "cry"], ["New York"]]
    assert conll.read(write(name, UNIVERSAL), column=column) == list(zip(tokens, tags, strict=True))


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        (-1, "a\tO\nb\n", r":2: expected at least 2 columns, found 1"),
        (3, "a\tO\n", r":1: expected at least 4 columns, found 2"),
        (3, "# O\na O\n", r":2: expected at least 4 columns, found 2"),
        (-3, "a\tO\n", r":1: expected at least 3 columns, found 2"),
        (1, "a\tO\n\nb\tX\tO\n", r":3: expected 2 columns .* found 3"),
        (-1, "a\tO\n\tO\n", r":2: expected a token and a tag .*empty field"),
        ("upos", "1\tDo\tAUX\n", r":1: expected ten columns separated by tabs, found 3"),
        (
            "upos",
            UNIVERSAL + "one\tA\ta\tX\tX\t_\t_\t_\t_\t_\n",
            r":11: expected a number as id of the word, found 'one'",
        ),
        ("xpos", "1\tA\ta\tX\t_\t_\t_\t_\t_\t_\n", r":1: expected the xpos of the word, found _"),
        (-1, "", r":1: .*empty file"),
        ("upos", "\n", r":1: .*empty file"),
    ],
)
def test_malformed(write, column, text, message):
    with pytest.raises(DataError, match=message):
        conll.read(write("a.conll", text), column=column)


def test_comments_are_no_tokens():
    found = conll.read(CASES / "comments.conll")
    assert len(found) == 30
    assert set(map(str, found)) == {str((["Anna", "likes", "Oslo"], ["B-PER", "O", "B-LOC"]))}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("# O\nhot O\n", [["#", "hot"]]),  # the sign, as tweets have it
        ("#hot O\n\n# O\nb O\n", [["#hot"], ["#", "b"]]),
        ("a O\n# B-X\n", [["a", "#"]]),  # a comment stands before its sentence
        ("# newdoc\n# text = a b c\na O\n\n#\nb O\n", [["a"], ["b"]]),
        ("#begin document (bc/cctv); part 000\na\tb\tO\n\n#end document\n", [["a"]]),
        ("# id 7\tdomain=en\na _ _ O\n", [["a"]]),
    ],
)
def test_signs_and_comments(write, text, tokens):
    assert [words for words, _ in conll.read(write("a.conll", text))] == tokens


def test_no_break_spaces_separate_nothing(write):
    assert conll.read(write("a.conll", "8\N{NO-BREAK SPACE}1/2 CD\n\N{NO-BREAK SPACE}\nb  O\n")) == [
        (["8\N{NO-BREAK SPACE}1/2"], ["CD"]),
        (["b"], ["O"]),
    ]


@pytest.mark.parametrize("column", [-1, "upos"])
def test_comments_alone(write, column):
    with pytest.raises(DataError, match="expected a sentence, found comments and blank lines alone"):
        conll.read(write("a.conll", "# newdoc\n\n# text = a\n"), column=column)


def test_encoding(write):
    path = write("a.conll", "in\tO\ncafé\tO\n", "latin-1")
    with pytest.raises(DataError, match=r"a\.conll:2: expected utf-8"):
        conll.read(path)
    assert conll.read(path, encoding="latin-1") == [(["in", "café"], ["O", "O"])]


def test_unknown_column(write):
    with pytest.raises(ValueError, match="received: 'pos'"):
        conll.read(write("a.conllu", UNIVERSAL), column="pos")


def size(sentences):
    return len(sentences), sum(len(tokens) for tokens, _ in sentences)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "column", "count"),
    [
        ("wnut17_ner/wnut17train.conll", -1, (3394, 62730)),
        ("wnut17_ner/emerging.dev.conll", -1, (1009, 15733)),
        ("wnut17_ner/emerging.test.annotated", -1, (1287, 23394)),
        ("ud_english_ewt/en_ewt-ud-train.conllu.gz", "upos", (12544, 204577)),
        ("ud_english_ewt/en_ewt-ud-dev.conllu.gz", "xpos", (2001, 25147)),
        ("ud_english_ewt/en_ewt-ud-test.conllu.gz", "lemma", (2077, 25094)),
        ("ud_chinese_gsd_dev_test/zh_gsd-ud-dev.conllu.gz", "form", (500, 12665)),
        ("ud_chinese_gsd_dev_test/zh_gsd-ud-test.conllu.gz", "upos", (500, 12010)),
    ],
)
def test_published_counts(real_data, file, column, count):
    assert size(conll.read(real_data / file, column=column)) == count


NUMBERED = "#\thttp://x.de\t[2009-10-17]\n1\tSchartau\tB-PER\tO\n2\tsagte\tO\tO\n\n1\tJa\tO\tO\n"


def test_tokens_stand_behind_numbers_of_rows(write):
    """As GermEval 2014 is published."""
    sentences = conll.read(write("a.tsv", NUMBERED), column=2)
    assert sentences == [(["Schartau", "sagte"], ["B-PER", "O"]), (["Ja"], ["O"])]


@pytest.mark.parametrize("text", ["1\tCD\tO\n.\t.\tO\n", "1\tO\n2\tO\n", "1\tCD\tO\n3\tCD\tO\n"])
def test_numbers_that_count_no_rows_are_tokens(write, text):
    assert conll.read(write("a.tsv", text))[0][0][0] == "1"


def word(number):
    return f"{number}\ta\ta\tNOUN\t_\t_\t0\troot\t_\t_\n"


@pytest.mark.parametrize(("ids", "line"), [("13", 2), ("11", 2), ("2", 1), ("0", 1), ("132", 2)])
def test_ids_of_universal_words_count_from_1(write, ids, line):
    """A sentence without the blank line before it would be one with the sentence before."""
    path = write("a.conllu", "".join(map(word, ids)))
    with pytest.raises(DataError, match=rf"a\.conllu:{line}: expected the id \d of the next word, or a blank line"):
        conll.read(path, column="upos")
