"""The ids that every vocabulary reserves, and their names; other tokens start at FIRST."""

PAD, UNKNOWN, START, END = 0, 1, 2, 3
SPECIAL_TOKENS = ("<pad>", "<unknown>", "<start>", "<end>")
FIRST = len(SPECIAL_TOKENS)
