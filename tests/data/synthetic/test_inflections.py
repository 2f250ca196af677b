from collections import Counter, defaultdict

import numpy as np
import pytest

from zoo.data.readers.inflections import split_by_lemma
from zoo.data.synthetic.inflections import FEATURES, generate, inflect

PARADIGM = """
kelparen kelparend gekelpart
kelpare kelparst kelpart kelparen kelpart kelparen
kelparte kelpartest kelparte kelparten kelpartet kelparten
kelpareno kelparenos kelparena kelparenom kelparenot kelparenon
kelpare kelpart
"""


def test_a_paradigm_by_hand():
    assert [inflect("kelparen", features) for features in FEATURES] == PARADIGM.split()


@pytest.mark.parametrize(
    ("lemma", "features", "form"),
    [
        # Verbs in -an: vowels change, and only the last.
        ("gatrelan", "V;PRS;1;SG", "gatrelo"),
        ("gatralan", "V;PRS;2;SG", "gaträlst"),
        ("gatrelan", "V;PRS;3;SG", "gatrilt"),
        ("gatrilan", "V;PRS;3;SG", "gatrilt"),
        ("gatralan", "V;PRS;2;PL", "gatralat"),
        ("gatralan", "V;PST;1;SG", "gatrul"),
        ("gatrelan", "V;PST;3;PL", "gatralan"),
        ("gatrolan", "V.PTCP;PST", "gegatrilan"),
        ("gatralan", "V;IMP;2;SG", "gatral"),
        ("gatralan", "V;FUT;3;SG", "gatralana"),
        # Verbs in -ir: no ge-.
        ("kelparir", "V.PTCP;PST", "kelparido"),
        ("kelparir", "V.PTCP;PRS", "kelparird"),
        ("kelparir", "V;PST;1;PL", "kelparivam"),
        ("kelparir", "V;IMP;2;PL", "kelpariti"),
        # A prefix: no ge-.
        ("bekelen", "V.PTCP;PST", "bekelt"),
        ("verkolan", "V.PTCP;PST", "verkilan"),
        ("entkelen", "V.PTCP;PST", "entkelt"),
        # Letters that do not meet.
        ("bodden", "V;PRS;3;SG", "boddet"),
        ("lotten", "V;PST;2;SG", "lottetest"),
        ("lotten", "V.PTCP;PST", "gelottet"),
        ("wadan", "V;PRS;2;SG", "wädest"),
        ("wadan", "V;PST;2;SG", "wudest"),
        ("kissen", "V;PRS;2;SG", "kisst"),
        ("kizan", "V;PST;2;SG", "kozt"),
        ("kissen", "V;PST;3;SG", "kisste"),
    ],
)
def test_forms_by_hand(lemma, features, form):
    assert inflect(lemma, features) == form


def test_whole_paradigms_of_lemmas_that_differ():
    examples = generate(23 * 50 + 4)
    assert len(FEATURES) == 23
    lemmas = [example["lemma"] for example in examples]
    assert lemmas == [lemma for lemma in dict.fromkeys(lemmas) for _ in range(23)][: len(lemmas)]
    assert len(set(lemmas)) == 51
    for number, example in enumerate(examples):
        assert example["source"] == f"{example['lemma']} {FEATURES[number % 23]}"
        assert example["target"] == inflect(example["lemma"], FEATURES[number % 23])


def test_lemmas_of_all_kinds():
    lemmas = [example["lemma"] for example in generate(23 * 1000)][::23]
    kinds = Counter(lemma[-2:] for lemma in lemmas)
    assert [kinds[kind] / 1000 for kind in ("en", "an", "ir")] == pytest.approx([0.5, 0.3, 0.2], abs=0.05)
    prefixed = np.mean([lemma.startswith(("be", "ver", "ent")) for lemma in lemmas])
    assert prefixed == pytest.approx(0.25, abs=0.04)
    assert {sum(letter in "aeiou" for letter in lemma[:-2]) for lemma in lemmas} == {1, 2, 3, 4}


def test_baselines():
    parts = split_by_lemma(generate(23 * 1000))
    test = [(e["lemma"], e["source"].split()[1], e["target"]) for e in parts["test"]]
    assert np.mean([lemma == form for lemma, _, form in test]) == pytest.approx(0.12, abs=0.01)
    # The commonest ending after the stem: by the features, and by the class too.
    by_features, by_class = defaultdict(Counter), defaultdict(Counter)
    for example in parts["train"]:
        stem, kind, features = example["lemma"][:-2], example["lemma"][-2:], example["source"].split()[1]
        if example["target"].startswith(stem):
            by_features[features][example["target"][len(stem) :]] += 1
            by_class[kind, features][example["target"][len(stem) :]] += 1

    def right(endings, key):
        guessed = [
            lemma[:-2] + (endings[key(lemma, features)] or Counter([""])).most_common(1)[0][0]
            for lemma, features, _ in test
        ]
        return np.mean([guess == form for guess, (*_, form) in zip(guessed, test, strict=True)])

    assert right(by_features, lambda lemma, features: features) == pytest.approx(0.45, abs=0.06)
    assert right(by_class, lambda lemma, features: (lemma[-2:], features)) == pytest.approx(0.82, abs=0.03)


@pytest.mark.parametrize(
    ("lemma", "features", "message"),
    [
        ("kelparo", "V;NFIN", "Received: 'kelparo'"),
        ("en", "V;NFIN", "Received: 'en'"),
        ("schwen", "V;NFIN", "Received: 'schwen'"),
        ("kelparen", "V;PRS;4;SG", "Received: 'V;PRS;4;SG'"),
    ],
)
def test_what_is_not_of_the_language(lemma, features, message):
    with pytest.raises(ValueError, match=message):
        inflect(lemma, features)
