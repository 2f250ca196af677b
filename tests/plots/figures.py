"""What tests of pictures share: where its texts stand."""

from matplotlib.backends.backend_agg import FigureCanvasAgg


def texts(axes):
    return [text.get_text() for text in axes.texts]


def boxes(figure, found):
    """Where texts stand, as (text, box)."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in found if text.get_text()]


def overlaps(placed):
    """Pairs of texts of which one is written over the other by more than a pixel."""
    return [
        (one, other)
        for number, (one, a) in enumerate(placed)
        for other, b in placed[:number]
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]
