"""The command `zoo score`: how likely texts are to a trained model, and n-best lists ranked anew by it."""

import math
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from zoo.cli.terminal import import_library, read_lines, write_json_line, write_line

Json = Annotated[bool, Parameter(name="--json", negative=())]


def score(
    folder: Path,
    *texts: str,
    nbest: Path | None = None,
    weight: float = 1.0,
    length_bonus: float = 0.0,
    as_json: Json = False,
) -> None:
    """Score texts by a trained model: log-probability, tokens and perplexity a line.

    Args:
        folder: of the run.
        texts: those given, or one a line on standard input; for a model that reads a source: SOURCE<tab>TARGET.
        nbest: a file of n-best lists to rank anew, lines `NUMBER ||| TEXT ||| SCORE`; printed so, best first.
        weight: of this model's log-probability beside the list's own score.
        length_bonus: added for every token.
        as_json: one JSON object a line.
    """
    import_library()
    import zoo
    from zoo.inference.codec import TextCodec

    if not math.isfinite(weight) or not math.isfinite(length_bonus):
        raise ValueError(f"--weight and --length-bonus are finite numbers. Received: {weight} and {length_bonus}")
    run = zoo.load(folder)
    if not run.generates:
        raise ValueError(
            f"{folder} holds a model that is not autoregressive: zoo predict gives the probabilities of its outputs."
        )
    if nbest is not None:
        _rescore(zoo, run, nbest, weight, length_bonus)
        return
    lines = list(texts) or read_lines()
    reads = TextCodec(run.model, run.vocabularies).reads
    scores = zoo.score(run, [_example(text, reads, number) for number, text in enumerate(lines)])
    for text, one in zip(lines, scores, strict=True):
        metrics = {"log_probability": one.log_probability, "tokens": one.tokens, "perplexity": one.perplexity}
        if as_json:
            write_json_line({"text": text, **metrics})
        else:
            write_line(f"{one.log_probability:.4f}\t{one.tokens}\t{one.perplexity:.3f}\t{text}")
    total, tokens = sum(one.log_probability for one in scores), sum(one.tokens for one in scores)
    if not as_json and len(scores) > 1:
        print(f"{total:.4f}\t{tokens}\t{math.exp(-total / tokens):.3f}\tall {len(scores)}")


def _example(text, reads, number) -> dict[str, str]:
    if not reads:
        return {"target": text}
    source, tab, target = text.partition("\t")
    if not tab:
        raise ValueError(
            f"Line {number + 1} must be {reads[0].upper()}<tab>TARGET: this model reads. Received: {text:.60}"
        )
    return {reads[0]: source, "target": target}


def _rescore(zoo, run, path, weight, length_bonus):
    from zoo.storage.files import DataError, open_text

    lists: dict[str, list[tuple[str, float]]] = {}
    for line, content in enumerate(open_text(path), 1):
        fields = [field.strip() for field in content.split("|||")]
        try:
            number, text, old = fields
            lists.setdefault(number, []).append((text, float(old)))
        except ValueError as error:
            raise DataError(path, line, "NUMBER ||| TEXT ||| SCORE", f"{content!r:.60}") from error
    ranked = zoo.rescore(run, list(lists.values()), weight=weight, length_bonus=length_bonus)
    for number, outputs in zip(lists, ranked, strict=True):
        for text, new in outputs:
            write_line(f"{number} ||| {text} ||| {new:.6f}")
