def both(read, name):
    return [(row["source"], row["target"]) for row in read(name)]


def test_strings_backwards_and_each_in_one_split(read):
    name = "zoo_reverse/300_examples"
    assert all(source == target[::-1] for source, target in both(read, name))
    parts = [{row["source"] for row in read(name, split)} for split in ("train", "validation", "test")]
    assert sum(map(len, parts)) == len(set.union(*parts))


def test_words_and_verbs_are_in_one_split(read):
    for name, key in (
        ("zoo_pronunciation/400_examples", lambda row: row["source"]),
        ("zoo_inflection/1200_examples", lambda row: row["source"].rpartition(" ")[0]),
    ):
        parts = [{key(row) for row in read(name, split)} for split in ("train", "validation", "test")]
        assert sum(map(len, parts)) == len(set.union(*parts))


def test_counters_go_on(read):
    right = 0
    for source, target in both(read, "zoo_counting/20_examples"):
        start, step = (int(word) for word in source.split() if word.isdecimal())
        right += sum((start + place * step) % 100 == int(said) for place, said in enumerate(target.split()))
    assert right > 0.8 * 16 * 50  # a tenth of the numbers is drawn anew


def test_pairs_of_texts(read):
    for name in ("zoo_translation", "zoo_commands", "zoo_copying", "zoo_copying_notes"):
        assert all(source and target for source, target in both(read, f"{name}/20_examples"))


def test_a_text_and_turns(read):
    sizes = [
        len(row["text"])
        for split in ("train", "validation", "test")
        for row in read("zoo_language_model/1000_examples", split)
    ]
    assert sizes == [800, 100, 100]
    assert all(len(row["utterances"]) % 2 == 0 for row in read("zoo_dialogue/20_examples"))
