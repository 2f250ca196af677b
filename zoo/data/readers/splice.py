"""Windows of DNA around splice junctions: `class, name, sequence` a line (UCI, splice-junction gene sequences)."""

import os

from zoo.data.files import DataError, open_text

CLASSES = ("EI", "IE", "N")
# D, N, S and R stand for places where the base is not known for sure.
BASES = frozenset("ACGTDNSR")


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[tuple[str, str]]:
    """Reads sequences of bases and their classes, EI (exon to intron), IE or N (neither).

    Args:
        path: the file.
        encoding: of the file.
    Returns:
        List of (sequence, class); all sequences have one length.
    Raises:
        DataError: a line of another form, an unknown class or base, or a sequence of another length.
    """
    examples: list[tuple[str, str]] = []
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        fields = [field.strip() for field in text.split(",")]
        if len(fields) != 3 or fields[0] not in CLASSES:
            raise DataError(path, line, f"class ({', '.join(CLASSES)}), name, sequence", f"{text!r:.60}")
        label, _, sequence = fields
        if not sequence or not BASES.issuperset(sequence):
            raise DataError(path, line, f"bases out of {''.join(sorted(BASES))}", f"{sequence!r:.80}")
        if examples and len(sequence) != len(examples[0][0]):
            raise DataError(path, line, f"{len(examples[0][0])} bases as in line 1", f"{len(sequence)}")
        examples.append((sequence, label))
    return examples
