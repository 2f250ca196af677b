import pytest

from zoo.data.readers import inflections
from zoo.storage.files import DataError

TABLE = "gehen\tging\tV;IND;PST;1;SG\ngehen\tgehend \tV.PTCP;PRS\n\nsich freuen\tfreut sich\tV;IND;PRS;3;SG\n"


@pytest.mark.parametrize("name", ["table.tsv", "table.tsv.gz"])
def test_forms_of_lemmas(write, name):
    assert inflections.read(write(name, TABLE)) == [
        {"source": "gehen V;IND;PST;1;SG", "target": "ging", "lemma": "gehen"},
        {"source": "gehen V.PTCP;PRS", "target": "gehend", "lemma": "gehen"},
        {"source": "sich freuen V;IND;PRS;3;SG", "target": "freut sich", "lemma": "sich freuen"},
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("gehen\tging", "lemma, form and features, separated by tabs, found 2: 'gehen"),
        ("gehen ging V;PST", "separated by tabs, found 1: 'gehen ging V;PST'"),
        ("gehen\tging\tV;PST\t3", "separated by tabs, found 4: 'gehen"),
        ("gehen\t\tV;PST", r"a lemma, a form and features, found an empty field: \['gehen', '', 'V;PST'\]"),
        (" \tging\tV;PST", "found an empty field"),
        ("gehen\tging\t", "found an empty field"),
        ("\t\t", "found an empty field"),
        ("gehen\tV;PST;1;SG\tging", r"features in the third column \(V;PST;3;SG\), found 'ging'"),
        ("gehen\tging\tV PST", "features in the third column .*found 'V PST'"),
        ("gehen\tging\tV;;PST", "features in the third column .*found 'V;;PST'"),
        ("gehen\tging\tV;PST;", "features in the third column .*found 'V;PST;'"),
    ],
)
def test_malformed(write, line, message):
    with pytest.raises(DataError, match=rf"table\.tsv:3: expected .*{message}"):
        inflections.read(write("table.tsv", f"gehen\tging\tV;PST\n\n{line}\n"))


def test_features_may_stand_before_the_form(write):
    rows = [line.split("\t") for line in TABLE.splitlines() if line]
    swapped = "".join(f"{lemma}\t{features}\t{form}\n" for lemma, form, features in rows)
    assert inflections.read(write("deu.trn", swapped)) == inflections.read(write("deu.tsv", TABLE))
    nouns = "Haus\tN;NOM;PL\tHäuser\nBaum\tN;NOM;PL\tBäume\n"  # forms that could be features
    assert [each["target"] for each in inflections.read(write("nouns", nouns))] == ["Häuser", "Bäume"]
    with pytest.raises(DataError, match=r"features in the second column"):
        inflections.read(write("bad", nouns + "Tal\tN NOM\tTäler\n"))


def test_lemmas_in_the_order_of_their_first_appearance():
    # Two rounds over 23 lemmas, the second backwards: the first decides their numbers.
    lemmas = [f"lemma{number}" for number in range(23)]
    examples = [{"source": f"{lemma} V", "target": "x", "lemma": lemma} for lemma in [*lemmas, *lemmas[::-1]]]
    parts = inflections.split_by_lemma(examples)
    assert list(parts) == ["train", "validation", "test"]
    found = {name: {example["lemma"] for example in part} for name, part in parts.items()}
    assert found["test"] == {"lemma0", "lemma10", "lemma20"}
    assert found["validation"] == {"lemma1", "lemma11", "lemma21"}
    assert found["train"] == set(lemmas) - found["test"] - found["validation"]
    assert [example["lemma"] for example in parts["test"]] == "lemma0 lemma10 lemma20 lemma20 lemma10 lemma0".split()
    assert sum(map(len, parts.values())) == len(examples)


@pytest.mark.real_data
@pytest.mark.parametrize(("language", "forms"), [("german", 29), ("spanish", 70), ("portuguese", 76)])
def test_real_tables(real_data, language, forms):
    examples = inflections.read(real_data / "verb_inflection" / f"{language}.tsv.gz")
    assert len(examples) == 100 * forms
    parts = inflections.split_by_lemma(examples)
    assert {name: len(part) for name, part in parts.items()} == {
        "train": 80 * forms,
        "validation": 10 * forms,
        "test": 10 * forms,
    }
    lemmas = [{example["lemma"] for example in part} for part in parts.values()]
    assert len(set.union(*lemmas)) == sum(map(len, lemmas)) == 100


def test_lines_of_blanks_are_passed_over(write):
    assert len(inflections.read(write("a.tsv", "gehen\tging\tV;PST\n   \n"))) == 1
