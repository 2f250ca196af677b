from collections.abc import Iterable


def longest_match(text: str, words: Iterable[str]) -> list[str]:
    """Cuts a text from left to right into the longest known words that fit; an unknown character is a word."""
    known = set(words)
    longest = max(map(len, known), default=1)
    segments = []
    while text:
        length = next((n for n in range(min(longest, len(text)), 1, -1) if text[:n] in known), 1)
        segments.append(text[:length])
        text = text[length:]
    return segments
