from zoo.recipes.baselines.commonest_tag import commonest_tag


def test_counted_by_hand():
    train = [(["a", "b"], ["X", "Y"]), (["a", "c"], ["X", "Y"]), (["A"], ["Y"])]
    assert commonest_tag(train, [(["a", "new"], ["Y", "Y"])]) == ([["X", "Y"]], [["Y", "Y"]])


def test_capitals_do_not_matter():
    assert commonest_tag([(["The"], ["D"]), (["x"], ["N"])], [(["THE"], ["D"])]) == ([["D"]], [["D"]])


def test_where_no_word_is_rare_an_unknown_one_has_the_commonest_tag_of_all():
    train = [(["a", "a", "a", "b", "b"], ["X", "X", "X", "Y", "Y"])]
    assert commonest_tag(train, [(["new"], ["Y"])]) == ([["X"]], [["Y"]])
