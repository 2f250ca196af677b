from pathlib import Path

import numpy as np
import pytest

from zoo.data.readers import vectors
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.storage.files import DataError

CASES = Path(__file__).parents[1] / "cases" / "vectors"
GLOVE = "the 1 2 3\nmovie 4 5 6\nthe 9 9 9\nat name@host 7 8 9\n"
VOCABULARY = Vocabulary(["movie", "unseen", "the", "at name@host"])


@pytest.mark.parametrize("name", ["glove.txt", "glove.txt.gz"])
@pytest.mark.parametrize("text", [GLOVE, "4 3\n" + GLOVE.replace("\n", " \n")])
def test_rows_are_those_of_the_tokens(write, name, text):
    matrix, coverage = vectors.read(write(name, text), VOCABULARY)
    assert matrix.shape == (8, 3)
    assert matrix.dtype == np.float32
    assert matrix[4:].tolist()[0] == [4, 5, 6]
    assert matrix[6:].tolist() == [[1, 2, 3], [7, 8, 9]]
    assert not matrix[0].any()
    assert coverage == 3 / 4


def test_unseen_tokens_are_spread_like_the_file(write):
    random = np.random.default_rng(1)
    values = random.normal(3.0, 0.5, (200, 20))
    text = "\n".join(f"seen{row} " + " ".join(map(str, value)) for row, value in enumerate(values))
    vocabulary = Vocabulary([f"unseen{number}" for number in range(500)])
    matrix, coverage = vectors.read(write("a.txt", text), vocabulary)
    assert coverage == 0
    # 10000 draws: the standard error is 0.005 for the mean and 0.0035 for the deviation.
    assert abs(matrix[4:].mean()) < 0.03
    assert matrix[4:].std() == pytest.approx(values.std(), abs=0.02)
    np.testing.assert_array_equal(matrix, vectors.read(write("a.txt", text), vocabulary)[0])
    assert not np.array_equal(matrix, vectors.read(write("a.txt", text), vocabulary, seed=1)[0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r":1: .*empty file"),
        ("2 3\n", r":1: expected 2 vectors as in line 1, found 0"),
        ("2 3\nthe 1 2 3\nmovie 4 5 6\na 7 8 9\n", r":4: expected 2 vectors as in line 1, found 3"),
        ("the 1 2 3\nmovie 4 5\n", r":2: expected a token and 3 numbers, found 'movie 4 5'"),
        ("the 1 2 3\nmovie 4 x 6\n", r":2: expected 3 numbers after the token"),
        ("the 1 2 3\nmovie 4 nan 6\n", r":2: expected finite numbers, found nan"),
        ("the\n", r":1: expected a token and its numbers"),
    ],
)
def test_malformed(write, text, message):
    with pytest.raises(DataError, match=message):
        vectors.read(write("a.txt", text), VOCABULARY)


def test_fewer_vectors_than_the_header_promises():
    with pytest.warns(UserWarning, match=r"one_less\.vec: line 1 promises 3 vectors, 2 are there"):
        matrix, coverage = vectors.read(CASES / "one_less.vec", Vocabulary(["cat"]))
    assert (matrix.shape, coverage) == ((5, 3), 1)
    np.testing.assert_allclose(matrix[4], [0.2, 0.1, 0.0])


def test_words_are_found_in_either_form(write):
    text = "cafe\u0301 1 2\nराम 3 4\n"
    for token in ("café", "cafe\u0301"):
        matrix, coverage = vectors.read(write("a.txt", text), Vocabulary([token, "राम"]))
        assert (matrix[4:].tolist(), coverage) == ([[1, 2], [3, 4]], 1)


@pytest.mark.parametrize("number", ["inf", "1e39", "-inf", "1_5"])
def test_numbers_that_are_none_in_float32(write, number):
    with pytest.raises(DataError, match=r"a\.txt:1: expected (finite|2) numbers"):
        vectors.read(write("a.txt", f"the 1 {number}\n"), VOCABULARY)
    assert np.isfinite(vectors.read(write("a.txt", "the 1 3e38\n"), VOCABULARY)[0]).all()


def test_encoding(write):
    path = write("a.txt", "the 1 2\ncafé 3 4\n", "latin-1")
    with pytest.raises(DataError, match=r"a\.txt:2: expected utf-8"):
        vectors.read(path, VOCABULARY)
    assert vectors.read(path, Vocabulary(["café"]), encoding="latin-1")[0][4].tolist() == [3, 4]


def test_empty_lines_are_passed_over(write):
    vocabulary = Vocabulary(["a", "b"])
    expected, _ = vectors.read(write("a.vec", "a 1 2\nb 3 4\n"), vocabulary)
    np.testing.assert_array_equal(vectors.read(write("b.vec", "a 1 2\n\nb 3 4\n\n"), vocabulary)[0], expected)


@pytest.mark.parametrize("header", ["-1 2", "1.5 2", "9" * 30 + " 2"])
def test_a_header_that_is_none_is_no_vector_of_one_number(write, header):
    with pytest.raises(DataError, match=r"a\.vec:1: expected a token and its numbers, or how many vectors"):
        vectors.read(write("a.vec", f"{header}\na 1 2\n"), Vocabulary(["a", "b"]))
