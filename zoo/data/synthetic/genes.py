"""DNA: splice junctions, and genes with their coding bases marked."""

import numpy as np

BASES = np.array(list("ACGT"))
JUNCTIONS = ("EI", "IE", "N")
STOPS = ("TAA", "TAG", "TGA")
# Chances of A, C, G, T.
EXON = (0.26, 0.25, 0.27, 0.22)
INTRON = (0.27, 0.19, 0.20, 0.34)
CODON = ((0.28, 0.24, 0.34, 0.14), (0.31, 0.24, 0.18, 0.27), (0.15, 0.35, 0.34, 0.16))
PYRIMIDINES = (0.08, 0.42, 0.08, 0.42)
# The consensus around a junction: the last 3 bases of the exon and the first 6 of the intron (MAG|GTRAGT) ...
DONOR = (
    (0.34, 0.36, 0.19, 0.11),
    (0.60, 0.13, 0.12, 0.15),
    (0.09, 0.04, 0.80, 0.07),
    (0.00, 0.00, 1.00, 0.00),
    (0.00, 0.00, 0.00, 1.00),
    (0.55, 0.03, 0.39, 0.03),
    (0.71, 0.08, 0.12, 0.09),
    (0.07, 0.05, 0.83, 0.05),
    (0.16, 0.17, 0.20, 0.47),
)
# ... and 12 pyrimidines, N, C, A, G, then the first base of the next exon (YYY...NCAG|G).
ACCEPTOR = (
    (PYRIMIDINES,) * 12
    + ((0.25, 0.25, 0.25, 0.25), (0.04, 0.70, 0.01, 0.25), (1.00, 0.00, 0.00, 0.00), (0.00, 0.00, 1.00, 0.00))
    + ((0.25, 0.14, 0.51, 0.10),)
)


def generate_splices(count: int, *, seed: int = 0) -> list[tuple[str, str]]:
    """Draw windows of 60 bases, the middle of which is a donor (EI), an acceptor (IE) or no junction (N).

    Bases 0..29 lie before the junction. EI: exon, then an intron that begins with GT (bases 30, 31). IE: an intron that
    ends with AG (bases 28, 29), then exon. N: all exon or all intron, and every second one has GT or AG at the same
    place by chance. The kinds come 1 : 1 : 2 as in the UCI set. Baselines: N always 0.50; to trust GT and AG alone
    about 0.71; naive Bayes on the base at each place about 0.94, and that is near the most there is.

    Args:
        count: examples.
        seed: of the draws.
    Shapes:
        (sequence of 60 letters of ACGT, one of `JUNCTIONS`).
    Reference: layout and proportions of the UCI set "Molecular Biology (Splice-junction Gene Sequences)"; consensus
        after Shapiro and Senapathy 1987, rounded.
    """
    rng = np.random.default_rng(seed)
    half = 30
    donor = (EXON,) * (half - 3) + DONOR + (INTRON,) * (half - 6)
    acceptor = (INTRON,) * (half - 16) + ACCEPTOR + (EXON,) * (half - 1)
    tables = np.array([donor, acceptor, (EXON,) * 60, (INTRON,) * 60])  # (4, 60, 4)
    kinds = rng.integers(0, 4, count)
    letters = _letters(rng, tables[kinds])
    windows = ["".join(row) for row in letters]
    decoys = rng.integers(0, 4, count)
    for row in np.flatnonzero((kinds >= 2) & (decoys < 2)):
        start, signal = ((half, "GT"), (half - 2, "AG"))[decoys[row]]
        windows[row] = windows[row][:start] + signal + windows[row][start + 2 :]
    return [(window, JUNCTIONS[min(kind, 2)]) for window, kind in zip(windows, kinds, strict=True)]


def generate_genes(count: int, *, codons: int = 40, seed: int = 0) -> list[tuple[str, np.ndarray]]:
    """Draw stretches of DNA with the bases that code for a protein marked 1.

    A gene begins with ATG after GCCACC or nearly so, ends with a stop codon, has no stop codon between, and is broken
    by up to two introns, which begin with GT, end with AG and are marked 0, as is what lies around the gene. Codons
    prefer C and G at their third base. One stretch in eight holds no gene. Baseline: always the commoner mark is right
    for about 0.55 of the bases; a model has to carry the reading frame across introns to know the end.

    Args:
        count: examples.
        codons: genes have between half and one and a half times so many codons.
        seed: of the draws.
    Shapes:
        (sequence of S letters of ACGT, marks (S,) int32), S about 3 * codons + 120 on average.
    Raises:
        ValueError: codons < 16.
    """
    if codons < 16:
        raise ValueError(f"A gene needs room for its introns. Received: codons={codons}. Pass codons >= 16.")
    rng = np.random.default_rng(seed)
    return [_gene(rng, codons) if rng.random() > 1 / 8 else _desert(rng, codons) for _ in range(count)]


def _letters(rng: np.random.Generator, chances: np.ndarray) -> np.ndarray:
    """One letter for every row of chances (..., 4)."""
    cumulative = np.cumsum(chances, axis=-1)[..., :3]
    return BASES[(rng.random(cumulative.shape[:-1])[..., None] >= cumulative).sum(axis=-1)]


def _draw(rng: np.random.Generator, *rows: tuple[float, ...]) -> str:
    return "".join(_letters(rng, np.array(rows)))


def _between(rng: np.random.Generator, low: int, high: int) -> str:
    """What lies around genes: bases of an intron's composition."""
    return _draw(rng, *(INTRON,) * int(rng.integers(low, high)))


def _desert(rng: np.random.Generator, codons: int) -> tuple[str, np.ndarray]:
    sequence = _between(rng, 2 * codons + 60, 4 * codons + 180)
    return sequence, np.zeros(len(sequence), "int32")


def _gene(rng: np.random.Generator, codons: int) -> tuple[str, np.ndarray]:
    drawn = _letters(rng, np.tile(CODON, (int(rng.integers(codons // 2, codons * 3 // 2)), 1, 1)))  # (N, 3)
    inner = [codon for codon in map("".join, drawn) if codon not in STOPS]
    coding = "ATG" + "".join(inner) + STOPS[rng.integers(3)]
    signal = "".join(base if rng.random() < 0.85 else _draw(rng, EXON) for base in "GCCACC")
    cuts = np.sort(rng.choice(np.arange(3, len(coding) - 3), rng.integers(0, 3), replace=False))
    pieces = [(_between(rng, 15, 60) + signal, 0)]
    for start, stop in zip([0, *cuts], [*cuts, len(coding)], strict=True):
        if start:
            pieces.append((_draw(rng, *DONOR[3:]) + _between(rng, 10, 30) + _draw(rng, *ACCEPTOR[:-1]), 0))
        pieces.append((coding[start:stop], 1))
    pieces.append((_between(rng, 15, 60), 0))
    sequence = "".join(piece for piece, _ in pieces)
    return sequence, np.repeat([mark for _, mark in pieces], [len(piece) for piece, _ in pieces]).astype("int32")
