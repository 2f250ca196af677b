import io

import numpy as np
import pytest
from PIL import Image

from zoo.data.readers import gif


def film(frames, palette=True):
    random = np.random.default_rng(0)
    first, *others = [Image.fromarray(random.integers(0, 256, (5, 7, 3), "uint8")) for _ in range(frames)]
    buffer = io.BytesIO()
    first.save(buffer, "GIF", save_all=True, append_images=others, comment=b"made here", loop=0)
    return buffer.getvalue()


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_frames_are_counted(frames):
    assert gif.measure(film(frames)) == (frames, 7, 5)


def test_every_cut_is_noticed():
    """Pillow reads most of these, with fewer frames."""
    content = film(4)
    for last in range(len(content)):
        with pytest.raises(ValueError, match="truncated|no header|unknown block"):
            gif.measure(content[:last])


def test_a_frame_beyond_the_film_counts():
    content = film(1)
    place = content.index(b"\x2c" + bytes(4) + b"\x07\x00")
    large = content[: place + 5] + b"\xff\xff\xff\xff" + content[place + 9 :]
    assert gif.measure(large) == (1, 65535, 65535)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"PNG" * 9])
def test_what_is_no_gif(content):
    with pytest.raises(ValueError, match="no header of a GIF"):
        gif.measure(content)
