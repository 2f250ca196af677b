from zoo.recipes.baselines.longest_match import longest_match


def test_by_hand():
    assert longest_match("ababc", ["a", "ab", "abc"]) == ["ab", "abc"]
    assert longest_match("xab", {"ab"}) == ["x", "ab"]


def test_it_is_greedy():
    # "ab" + "cd" would use two known words; the longest first one leaves an unknown rest.
    assert longest_match("abcd", {"ab", "cd", "abc"}) == ["abc", "d"]


def test_without_words_every_character_is_one():
    assert longest_match("ab", []) == ["a", "b"]
    assert longest_match("", {"a"}) == []
