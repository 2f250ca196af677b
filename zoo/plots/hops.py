import os
from collections.abc import Sequence

import numpy as np

from zoo.plots.labels import families

ROW, COLUMN, SIZE = 0.27, 0.56, 9.0  # inches of a row, of a hop; points of a sentence
LONGEST = 80  # letters of a line
LEAST = 0.01  # sentences that no hop looks at for so much are left out
SUPPORTING, RIGHT, WRONG = "#d95f02", "#1b7837", "#b2182b"
EIGHTHS = " ▏▎▍▌▋▊▉█"
BAR = 5  # letters of a whole bar

Shown = tuple[Sequence[str], str, str, np.ndarray, Sequence[int] | None, str | None]


def plot_hops(shown: Sequence[Shown], path: str | os.PathLike) -> None:
    """Draws where a memory network looked before it answered: sentences as rows, hops as columns, darker for more.

    Above each story stand its question and the answer, with a mark for right or wrong. Sentences that
    answer the question have an orange bar. Of a long story only these are drawn, and those that a hop gives more than
    0.01; the number of the others stands below.

    Args:
        shown: of each question the sentences of its story, the question, the answer that was given, the weights of its
            hops, the positions of the supporting sentences or None, and the true answer or None.
        path: of the picture; its ending chooses the format.
    Shapes:
        weights (K, N), hop after hop, of the last N sentences; a sentence before these was not in the memory.
    Raises:
        ValueError: nothing to draw, weights that do not belong to the sentences or are none, or a supporting position
            outside the story.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not shown:
        raise ValueError("There is nothing to draw: no question was given.")
    panels = []
    for number, (sentences, question, answer, hops, supporting, true) in enumerate(shown):
        weights = _weights(sentences, hops, f"Question {number}")
        if any(index not in range(len(sentences)) for index in supporting or ()):
            raise ValueError(
                f"Question {number}: supporting sentences are positions in its story of {len(sentences)} sentences, "
                f"from 0. Received: {list(supporting or ())}"
            )
        panels.append((sentences, question, _verdict(answer, true), weights, set(supporting or ())))
    figure = Figure(figsize=(1, 1), dpi=120)
    renderer = FigureCanvasAgg(figure).get_renderer()
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))  # one unit is one inch, so that words can be measured
    family = families([text for sentences, question, verdict, *_ in panels for text in (*sentences, question, verdict)])
    y, first, lost = 0.0, 1.5, False
    headed = []
    cells: list[tuple[float, list[str], np.ndarray]] = []  # middle, texts, weights or NaN
    for sentences, question, verdict, weights, supporting in panels:
        headed.append(_write(axes, 0, y, question, family, fontweight="bold", fontsize=SIZE + 1))
        colour = {"✓": RIGHT, "✗": WRONG}.get(verdict[:1], "black")
        y -= 0.85 * ROW
        headed.append(_write(axes, 0, y, verdict, family, color=colour))
        shown_sentences = [
            index for index in range(len(sentences)) if index in supporting or (weights[:, index] > LEAST).any()
        ]
        y -= ROW
        cells.append((y, [f"hop {hop + 1}" for hop in range(len(weights))], np.full(len(weights), np.nan)))
        for index in shown_sentences:
            y -= ROW
            if index in supporting:
                _box(axes, 0, y, 0.05, SUPPORTING)
            _write(axes, 0.3, y, str(index + 1), family, color="0.5", ha="right", fontsize=SIZE - 1.5)
            sentence = _write(axes, 0.37, y, sentences[index], family)
            first = max(first, 0.5 + sentence.get_window_extent(renderer).width / 120)
            row = weights[:, index]
            lost = lost or bool(np.isnan(row).any())
            cells.append((y, ["–" if np.isnan(weight) else f"{abs(weight):.2f}" for weight in row], row))
        if len(shown_sentences) < len(sentences):
            y -= ROW
            hidden = len(sentences) - len(shown_sentences)
            text = f"{hidden} of {len(sentences)} sentences, none above {LEAST}, are left out"
            headed.append(_write(axes, 0.37, y, text, family, color="0.5", fontsize=SIZE - 1.5))
        y -= 1.6 * ROW
    small = {"color": "0.3", "fontsize": SIZE - 1.5}
    if any(supporting for *_, supporting in panels):
        _box(axes, 0, y, 0.05, SUPPORTING)
        _write(axes, 0.13, y, "supporting sentence", family, **small)
        y -= ROW
    if lost:
        _write(axes, 0, y, "–  not in the memory", family, **small)
        y -= ROW
    for middle, texts, row in cells:
        _cells(axes, first, middle, texts, row)
    hops = max(len(weights) for *_, weights, _ in panels)
    right = max([first + hops * COLUMN, *(text.get_window_extent(renderer).width / 120 + 0.4 for text in headed)])
    bottom = y + 0.6 * ROW
    axes.set(xlim=(0, right), ylim=(bottom, ROW / 2))
    axes.set_position((0, 0, right, ROW / 2 - bottom))
    figure.savefig(path, bbox_inches="tight", pad_inches=0.1)


def text_hops(sentences: Sequence[str], hops: np.ndarray) -> str:
    """The weights of every hop beside each sentence, with small bars, as lines for a terminal.

    Args:
        sentences: of the story.
        hops: the weights (K, N) of the last N of them; a sentence before these was not in the memory.
    Raises:
        ValueError: weights that do not belong to the sentences, or are none.
    """
    weights = _weights(sentences, hops, "The story")
    lines = ["  ".join(f"hop {hop + 1}".ljust(BAR + 5) for hop in range(len(weights)))]
    for sentence, row in zip(sentences, weights.T, strict=True):
        columns = ("-".ljust(BAR + 5) if np.isnan(weight) else f"{weight:.2f} {_bar(weight)}" for weight in row)
        lines.append("  ".join([*columns, " ".join(sentence.split())]))
    return "\n".join(line.rstrip() for line in lines)


def _bar(weight: float) -> str:
    eighths = round(min(weight, 1.0) * BAR * 8)
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8]).strip().ljust(BAR)


def _weights(sentences, hops, what):
    """Weights (K, sentences), of what was not in the memory NaN."""
    hops = np.asarray(hops, "float64")
    if hops.ndim != 2 or not hops.size or hops.shape[1] > len(sentences):
        raise ValueError(
            f"{what} needs a row of weights for each hop and a column for each of the {len(sentences)} sentences, or "
            f"for the last of them. Received: shape {hops.shape}"
        )
    wrong = hops[~((hops >= -1e-4) & (hops <= 1 + 1e-4))]  # a sum of float32 may be off by a little
    if wrong.size:
        raise ValueError(f"{what}: every weight of a hop is 0 to 1. Received: {wrong[0]}")
    return np.pad(hops, ((0, 0), (len(sentences) - hops.shape[1], 0)), constant_values=np.nan)


def _verdict(answer, true):
    if true is None:
        return answer
    return f"✓ {answer}" if answer.casefold() == true.casefold() else f"✗ {answer}   (true: {true})"


def _write(axes, x, y, text, family, **style):
    text = " ".join(text.split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    style = {"fontsize": SIZE, "fontfamily": family, "parse_math": False, "va": "center", **style}
    return axes.text(x, y, text, **style)


def _box(axes, x, y, width, colour):
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, y - ROW / 2 + 0.01), width, ROW - 0.02, facecolor=colour, linewidth=0))


def _cells(axes, left, y, texts, weights):
    """One row of the table: on the colours of their weights, texts."""
    from matplotlib import colormaps

    for hop, (text, weight) in enumerate(zip(texts, weights, strict=True)):
        x = left + hop * COLUMN
        ink = "0.4" if np.isnan(weight) else "white" if weight > 0.6 else "black"
        if not np.isnan(weight):
            _box(axes, x + 0.01, y, COLUMN - 0.02, colormaps["Blues"](0.9 * float(np.clip(weight, 0, 1))))
        axes.text(x + COLUMN / 2, y, text, color=ink, ha="center", va="center", fontsize=SIZE - 1.5)
