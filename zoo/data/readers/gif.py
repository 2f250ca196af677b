"""The blocks of a GIF file: its frames and their size, and whether it is whole, before any is decoded."""

from collections.abc import Iterator

SIGNATURES = (b"GIF87a", b"GIF89a")
EXTENSION, IMAGE, TRAILER = 0x21, 0x2C, 0x3B


def measure(content: bytes) -> tuple[int, int, int]:
    """Return the number of frames of a GIF, its width and its height, by its blocks.

    Pillow takes the frames up to where a file was cut off for all of them, and grows a film by frames beyond its size.

    Raises:
        ValueError: bytes that are no GIF, or that end before its trailer.
    """
    if content[:6] not in SIGNATURES or len(content) < 13:
        raise ValueError("no header of a GIF")
    sizes = [_number(content, offset) for offset in (6, 8)], *_frames(content)
    return len(sizes) - 1, *map(max, zip(*sizes, strict=True))  # type: ignore[return-value]


def _frames(content: bytes) -> Iterator[list[int]]:
    """Yield the right and the bottom edge of each frame, in pixels."""
    offset = 13 + _table_size(content[10])
    while True:
        block = _byte(content, offset)
        if block == TRAILER:
            return
        if block == EXTENSION:
            offset += 2  # and its label
        elif block == IMAGE:
            yield [_number(content, offset + 1 + side) + _number(content, offset + 5 + side) for side in (0, 2)]
            # Position and size (8 bytes), flags, a colour table and the code size of what follows.
            offset += 11 + _table_size(_byte(content, offset + 9))
        else:
            raise ValueError(f"an unknown block of GIF, 0x{block:02x}, at byte {offset}")
        while size := _byte(content, offset):
            offset += 1 + size
        offset += 1


def _table_size(flags: int) -> int:
    """Bytes of the colour table that flags tell of."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _number(content: bytes, offset: int) -> int:
    return _byte(content, offset) | _byte(content, offset + 1) << 8


def _byte(content: bytes, offset: int) -> int:
    if offset >= len(content):
        raise ValueError("truncated before the trailer of the GIF")
    return content[offset]
