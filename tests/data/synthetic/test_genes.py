import re

import numpy as np
import pytest
from sklearn.naive_bayes import CategoricalNB

from zoo.data.synthetic import genes


def test_junctions_carry_their_signal():
    for window, kind in genes.generate_splices(1000):
        assert re.fullmatch("[ACGT]{60}", window)
        if kind == "EI":
            assert window[30:32] == "GT"
        if kind == "IE":
            assert window[28:30] == "AG"


def test_kinds_come_one_to_one_to_two():
    kinds = [kind for _, kind in genes.generate_splices(4000)]
    proportions = [kinds.count(kind) / 4000 for kind in ("EI", "IE", "N")]
    np.testing.assert_allclose(proportions, [0.25, 0.25, 0.5], atol=0.03)


def test_the_two_bases_are_not_enough_and_their_surroundings_are():
    train, test = genes.generate_splices(3000, seed=1), genes.generate_splices(1000, seed=2)
    trusting = ["EI" if window[30:32] == "GT" else "IE" if window[28:30] == "AG" else "N" for window, _ in test]
    assert np.mean([guess == kind for guess, (_, kind) in zip(trusting, test, strict=True)]) < 0.8
    (seen, kinds), (unseen, truth) = (
        ([["ACGT".index(base) for base in window] for window, _ in examples], [kind for _, kind in examples])
        for examples in (train, test)
    )
    assert CategoricalNB().fit(seen, kinds).score(unseen, truth) > 0.9


def test_marked_bases_are_one_open_reading_frame():
    empty = 0
    for sequence, marks in genes.generate_genes(400, codons=20, seed=4):
        assert len(sequence) == len(marks) and marks.dtype == np.int32 and set(sequence) == set("ACGT")
        coding = "".join(base for base, mark in zip(sequence, marks, strict=True) if mark)
        empty += not coding
        if coding:
            codons = re.findall("...", coding)
            assert len(coding) % 3 == 0 and codons[0] == "ATG" and codons[-1] in ("TAA", "TAG", "TGA")
            assert not set(codons[:-1]) & {"TAA", "TAG", "TGA"}
    assert 0.06 < empty / 400 < 0.2


def test_introns_run_from_gt_to_ag():
    introns = 0
    for sequence, marks in genes.generate_genes(200):
        bits = "".join(map(str, marks))
        for gap in re.finditer("(?<=1)0+(?=1)", bits):
            introns += 1
            assert sequence[gap.start() :].startswith("GT") and sequence[: gap.end()].endswith("AG")
    assert 100 < introns < 250


def test_always_the_commoner_mark_is_a_weak_baseline():
    coding = np.concatenate([marks for _, marks in genes.generate_genes(500)]).mean()
    assert 0.35 < coding < 0.65


def test_too_short_a_gene_is_an_error():
    with pytest.raises(ValueError, match="codons=15"):
        genes.generate_genes(1, codons=15)
