import pytest

from zoo.data.synthetic.translations import ENDINGS, GENDERS, STEMS, VERBS, generate, translate


def said(*parts):
    """Stems of words with their endings, and a full stop."""
    stems = (STEMS.get(word, word) + ending for word, _, ending in (part.partition("-") for part in parts))
    return " ".join([*stems, "."])


@pytest.mark.parametrize(
    ("english", "parts"),
    [
        # dog, horse and bird are of the genders 0, 2 and 0.
        ("the dog sees a horse .", ["dog", "the-a", "horse", "a-u", "see-m"]),
        ("these dogs see two old red horses .", "dog-ni these-ari horse-ni red-uri old-uri two-uri see-mni".split()),
        ("the dog will not see a bird today .", "today dog the-a bird a-a ke see-v".split()),
        ("the dogs do not see a bird .", None),
        ("some dogs do not see a bird .", "dog-ni some-ari bird a-a ke see-mni".split()),
        ("the dog near a tower sees a bird .", "tower a-a near dog the-a bird a-a see-m".split()),
        (
            "the dog who sees two birds will see a horse .",
            "bird-ni two-ari see-m jo dog the-a horse a-u see-v".split(),
        ),
    ],
)
def test_sentences_by_hand(english, parts):
    if parts is None:
        with pytest.raises(ValueError, match="of the grammar"):
            translate(english)
    else:
        assert (GENDERS["dog"], GENDERS["horse"], GENDERS["bird"], GENDERS["tower"]) == (0, 2, 0, 0)
        assert translate(english) == said(*parts)


def test_stems_are_distinct_and_do_not_run_into_their_endings():
    assert len(set(STEMS.values())) == len(STEMS)
    assert len(set(ENDINGS.values())) == 6
    assert all(len(stem) == 5 for stem in STEMS.values())


def test_the_verb_is_last_and_agrees_with_its_subject():
    singular = 0
    for example in generate(300):
        words = example["target"].split()
        assert words[-1] == "."
        assert words[-2][:5] in {STEMS[verb] for verb in VERBS}
        assert words[-2][5:] in ("m", "v", "mni", "vni")
        several = example["source"].split()[0] in ("these", "some", "two", "many")
        assert words[-2].endswith("ni") == several
        singular += not several
    assert 50 < singular < 250


def test_about_two_hundred_words():
    examples = generate(3000)
    english, other = ({word for e in examples for word in e[name].split()} for name in ("source", "target"))
    assert 150 < len(english) < 220 < len(other) < 400


@pytest.mark.parametrize(
    "english", ["", ".", "the dog sees a horse", "dog the sees .", "the dog sees a dragon .", "a a ."]
)
def test_what_is_no_sentence_of_the_grammar(english):
    with pytest.raises(ValueError, match="of the grammar"):
        translate(english)
