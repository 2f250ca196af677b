from collections import Counter

import pytest

from zoo.data.readers import splice
from zoo.data.readers.formats import read_head
from zoo.storage.files import DataError

LINES = "EI,    ATRINS-DONOR-521,               CCAGCTGCAT\nN,ORAHBPSBD-NEG-1081,  ACGTDNSRAA\n"


@pytest.mark.parametrize("name", ["splice.data", "splice.data.gz"])
def test_sequences_and_classes(write, name):
    assert splice.read(write(name, LINES)) == [("CCAGCTGCAT", "EI"), ("ACGTDNSRAA", "N")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("EI, NAME", "class, name, sequence"),
        (", NAME, ACGTACGTAC", "class, name, sequence"),
        ("EI, NAME, ACGT, ACGT", "class, name, sequence"),
        ("IE, NAME, ACGTACGTAX", "bases out of ABCDGHKMNRSTVWY"),
        ("IE, NAME, ", "bases out of ABCDGHKMNRSTVWY"),
    ],
)
def test_malformed(write, line, message):
    with pytest.raises(DataError, match=rf"splice\.data:3: expected {message}"):
        splice.read(write("splice.data", LINES + line + "\n"))


@pytest.mark.parametrize(
    "text",
    [
        "+,S1,\t\ttactagcaa\n\n-,S2,\tacgtn\n",  # UCI's promoters
        "+\tS1\ttactagcaa\n-\tS2\tACGTN\n",
        "class,name,sequence\n+,S1,TACTAGCAA\n-,S2,ACGTN\n",
        'Sequence\tName\tClass\nTACTAGCAA\tS1\t+\nACGTN\t"S2"\t-\n',
        '"+","S1","TACTAGCAA"\n"-","S2","ACGTN"\n',
    ],
)
def test_any_classes_and_lengths(write, text):
    path = write("any", text)
    assert splice.FORMAT.mismatch(read_head(path)) == ""
    assert splice.read(path) == [("TACTAGCAA", "+"), ("ACGTN", "-")]


@pytest.mark.parametrize(
    ("text", "lacks"), [("a film\n", "1 fields"), ("a,b,film\n", "no bases"), ("text\tlabel\n", "2 fields")]
)
def test_what_is_no_such_table(write, text, lacks):
    assert lacks in splice.FORMAT.mismatch(read_head(write("any", text)))


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
