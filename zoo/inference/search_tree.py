"""A beam search, looked at: what was kept at every step."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zoo.backend.tracing import quiet_retracing
from zoo.inference.codec import TextCodec
from zoo.inference.compiled import make_decoder
from zoo.ops.logits import LOWEST
from zoo.special_ids import END


def search_tree(
    model: Any,
    inputs: Sequence[Any] | int,
    *,
    prefixes: Sequence[Any] | None = None,
    vocabularies: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> list[list[tuple[str, int | None, float, bool]]]:
    """What a beam search kept at every step for one input: of each hypothesis its last token, the position in the step
    before of what it goes on from (None at first), its log-probability, and whether it ended there.

    Args:
        model: a generating model of tokens, or a run that holds one.
        inputs: one input, in a list, as in `generate`.
        prefixes: what the output has to begin with, in a list.
        vocabularies: those of the run if None.
        **arguments: of `BeamSearch`.
    Returns:
        A list a step; `zoo.plots.beam.plot_beam` draws it, by log-probability alone: without penalties.
    """
    task = TextCodec.of(model, vocabularies)
    decoder = make_decoder(task.model, "beam_search", **arguments)
    examples, prefixes = task.examples(inputs, prefixes)
    encoded = task.encode(examples, prefixes, decoder)
    if len(encoded["target"]) != 1:
        raise ValueError(f"A search is shown for one input. Received: {len(encoded['target'])}")
    with quiet_retracing():
        result = decoder.predict_on_batch({name: np.asarray(column[0])[None] for name, column in encoded.items()})
    search = {name: np.asarray(array)[0] for name, array in result["search"].items()}
    tree: list[list[tuple[str, int | None, float, bool]]] = []
    positions: dict[int, int] = {}
    for step in range(int(search["steps"])):
        branches: list[tuple[str, int | None, float, bool]] = []
        now: dict[int, int] = {}
        for beam, (token, parent, log_p) in enumerate(
            zip(*(search[name][step] for name in ("tokens", "parents", "log_probabilities")), strict=True)
        ):
            if log_p > LOWEST / 2:
                now[beam] = len(branches)
                is_end = bool(token == END)
                before = positions[int(parent)] if step else None
                branches.append((task.name(int(token), examples[0]), before, float(log_p), is_end))
        tree.append(branches)
        positions = now
    return tree
