from pathlib import Path

import pytest
from matplotlib import get_data_path
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager, get_font

from zoo.plots.labels import disable_math, families, label


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        ("word", "word"),
        (" ", "␣"),
        ("a\n", "a↵"),
        ("\t", "⇥"),
        ("", "∅"),
        ("eighteen letters 1", "eighteen␣letters␣1"),
        ("Donaudampfschifffahrt", "Donaudam…hifffahrt"),
    ],
)
def test_one_visible_line(token, shown):
    assert label(token) == shown
    assert len(label(token)) <= 18


def test_both_ends_of_a_long_word_stay():
    word = "".join(map(chr, range(97, 123)))
    for longest in range(3, 26):
        shown = label(word, longest)
        start, end = shown.split("…")
        assert len(shown) == longest
        assert word.startswith(start) and word.endswith(end) and start and end


def test_the_usual_font_is_enough_for_letters_it_has():
    assert families(["plain", "Привет", "ελληνικά", "␣↵⇥∅…"]) == ["DejaVu Sans"]


def test_another_installed_font_is_found_for_letters_it_lacks(monkeypatch):
    monkeypatch.setattr(fontManager, "ttflist", [*fontManager.ttflist])
    fontManager.addfont(Path(get_data_path(), "fonts", "ttf", "STIXGeneral.ttf"))  # whatever the cache of fonts has
    plain = [entry for entry in fontManager.ttflist if entry.style == "normal" and entry.weight == 400]
    usual = {code for entry in plain if entry.name == "DejaVu Sans" for code in get_font(entry.fname).get_charmap()}
    stix = next(entry for entry in plain if entry.name == "STIXGeneral")
    code = min(set(get_font(stix.fname).get_charmap()) - usual)
    first, *others = families(["a", chr(code)])
    assert first == "DejaVu Sans"
    assert len(others) == 1
    having = {entry.name for entry in plain if code in get_font(entry.fname).get_charmap()}
    assert others[0] in having


def test_a_letter_that_no_font_has_is_no_error():
    assert families(["\U000f1234"]) == ["DejaVu Sans"]


def test_dollars_are_drawn_as_written(tmp_path):
    drawn = {}
    for shown, is_math in (("a $_in_k$", True), ("a $_in_k$", False), ("a in_k", False)):
        figure = Figure(figsize=(1, 0.3))
        text = figure.text(0, 0, shown)
        if not is_math:
            disable_math(text)
        FigureCanvasAgg(figure)
        drawn[shown, is_math] = text.get_window_extent().width
    # Five characters more than the letters alone; mathematics sinks the index, and is narrower than that.
    assert drawn["a $_in_k$", True] < drawn["a in_k", False] < drawn["a $_in_k$", False]
