from collections import Counter

import pytest

from zoo.data.files import DataError
from zoo.data.readers import splice

LINES = "EI,    ATRINS-DONOR-521,               CCAGCTGCAT\nN,ORAHBPSBD-NEG-1081,  ACGTDNSRAA\n"


@pytest.mark.parametrize("name", ["splice.data", "splice.data.gz"])
def test_sequences_and_classes(write, name):
    assert splice.read(write(name, LINES)) == [("CCAGCTGCAT", "EI"), ("ACGTDNSRAA", "N")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("EI, NAME", r"class \(EI, IE, N\), name, sequence"),
        ("XX, NAME, ACGTACGTAC", r"class \(EI, IE, N\), name, sequence"),
        ("IE, NAME, ACGTACGTAX", "bases out of ACDGNRST"),
        ("IE, NAME, ", "bases out of ACDGNRST"),
        ("IE, NAME, ACGT", "10 bases as in line 1, found 4"),
        ("", r"class \(EI, IE, N\), name, sequence"),
    ],
)
def test_malformed(write, line, message):
    with pytest.raises(DataError, match=rf"splice\.data:3: expected {message}"):
        splice.read(write("splice.data", LINES + line + "\n"))


def test_empty_file_and_encoding(write):
    with pytest.raises(DataError, match="empty file"):
        splice.read(write("splice.data", ""))
    with pytest.raises(DataError, match=r"splice\.data:1: expected utf-8"):
        splice.read(write("splice.data", "EI, é, ACGT", "latin-1"))


@pytest.mark.real_data
def test_published_counts(real_data):
    examples = splice.read(real_data / "dna_splice" / "splice.data")
    assert Counter(label for _, label in examples) == {"EI": 767, "IE": 768, "N": 1655}
    assert {len(sequence) for sequence, _ in examples} == {60}
