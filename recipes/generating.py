"""The commands `zoo generate` and `zoo export`: what a trained model writes, here and elsewhere."""

import dataclasses
import inspect
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from recipes.terminal import quiet_import, read_lines, write_line

Json = Annotated[bool, Parameter(name="--json", negative=())]
Flag = Annotated[bool, Parameter(negative=())]
DecoderName = Literal["greedy", "sampling", "beam_search"]


def generate(
    folder: Path,
    *texts: str,
    decoder: DecoderName | None = None,
    count: int = 1,
    maximum_length: int | None = None,
    minimum_length: int | None = None,
    beam_width: int | None = None,
    n_best: int | None = None,
    length_penalty: float | None = None,
    coverage_penalty: float | None = None,
    temperature: float | None = None,
    top_k: int | None = None,
    top_p: float | None = None,
    samples: int | None = None,
    seed: int | None = None,
    no_repeat_ngram: int | None = None,
    ban: tuple[str, ...] = (),
    beginning: str | None = None,
    stream: Flag = False,
    out: Path | None = None,
    alignments: Path | None = None,
    beam: Path | None = None,
    as_json: Json = False,
) -> None:
    """Let a trained model write: for the texts given, or one a line on standard input.

    Args:
        folder: of the run.
        texts: what to read (a language model goes on from it); none for a language model: begin anew.
        decoder: greedy, sampling or beam_search; by default what the other arguments ask for, else greedy for
            models that read a source and sampling for others.
        count: how many outputs a model writes that reads nothing.
        maximum_length: tokens of an output, its beginning and end included.
        minimum_length: no end before so many tokens.
        beam_width: beginnings kept at every step (beam search).
        n_best: outputs for each input (beam search).
        length_penalty: above 0 longer outputs gain (beam search).
        coverage_penalty: above 0 outputs lose that leave source words unattended (beam search).
        temperature: below 1 sharper, above 1 flatter (sampling).
        top_k: only the k likeliest tokens (sampling).
        top_p: only the fewest tokens that hold this probability (sampling).
        samples: outputs for each input (sampling).
        seed: of the draws (sampling).
        no_repeat_ngram: no n tokens in a row are said twice.
        ban: tokens never said; may be given several times.
        beginning: what every output has to begin with.
        stream: print tokens as they come (sampling, one text).
        out: a folder for outputs that are no text (MIDI files of music).
        alignments: a picture (.png) of where the model looked, or of the shape it pointed out.
        beam: a picture (.png) of the search for the first text, as a tree.
        as_json: one JSON object an input.
    """
    with quiet_import():
        import zoo
        from zoo.task import Task

    run = zoo.load(folder)
    task = Task.of(run, None)
    given = list(texts) or ([] if not task.reads else read_lines())
    recipe = _recipe_of(run)
    if hasattr(recipe, "understand"):  # what is typed stands for numbers
        given = [recipe.understand(text) for text in given]
    inputs: Any = given or count
    asked: dict[str, Any] = {
        "maximum_length": maximum_length,
        "minimum_length": minimum_length,
        "beam_width": beam_width,
        "n_best": n_best,
        "length_penalty": length_penalty,
        "coverage_penalty": coverage_penalty,
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "samples": samples,
        "seed": seed,
        "no_repeat_ngram": no_repeat_ngram,
        "banned_tokens": _ids(ban, run.vocabularies) or None,
    }
    asked = {name: value for name, value in asked.items() if value is not None}
    if stream:
        others = {"--beginning": beginning, "--out": out, "--alignments": alignments, "--beam": beam, "--json": as_json}
        _stream(zoo, run, given, asked, [name for name, value in others.items() if value])
        return
    if hasattr(recipe, "answer"):
        others = {"--decoder": decoder, "--beginning": beginning, "--out": out, "--alignments": alignments}
        _answer(
            recipe, run, given, asked, [name for name, value in (others | {"--beam": beam}).items() if value], as_json
        )
        return
    name = decoder or _decoder_for(asked, task)
    _check(zoo, name, asked)
    beginnings = None if beginning is None else [beginning] * len(given or range(count))
    found = zoo.generate(run, inputs, decoder=name, beginnings=beginnings, **asked)
    for number, outputs in enumerate(found):
        _tell(run, number, outputs, out, as_json)
    if alignments is not None:
        if hasattr(recipe, "draw_answers"):
            known = {"run": run} if "run" in inspect.signature(recipe.draw_answers).parameters else {}
            recipe.draw_answers(found, given, alignments, **known)
        else:
            _draw_alignments(found, alignments)
    if beam is not None:
        _draw_beam(run, inputs, beginnings, asked, beam)


def export(
    folder: Path,
    out: Path,
    *,
    format: Literal["saved_model", "onnx"] = "saved_model",
    decoder: DecoderName = "beam_search",
    beam_width: int | None = None,
    n_best: int | None = None,
    length_penalty: float | None = None,
    maximum_length: int | None = None,
    temperature: float | None = None,
) -> None:
    """Write a trained model for processes without this package.

    Args:
        folder: of the run.
        out: the folder to write; an export that it holds is replaced.
        format: saved_model (with the whole search in it), or onnx (encode and step).
        decoder: greedy, sampling or beam_search (saved_model).
        beam_width: beginnings kept at every step (beam search).
        n_best: outputs for each input (beam search).
        length_penalty: above 0 longer outputs gain (beam search).
        maximum_length: tokens of an output, its end included.
        temperature: below 1 sharper, above 1 flatter (sampling).
    """
    with quiet_import():
        import zoo

    asked: dict[str, Any] = {
        "beam_width": beam_width,
        "n_best": n_best,
        "length_penalty": length_penalty,
        "maximum_length": maximum_length,
        "temperature": temperature,
    }
    run = zoo.load(folder)
    asked = {name: value for name, value in asked.items() if value is not None}
    if hasattr(run.model, "step") and format == "saved_model":
        _check(zoo, decoder, asked)
    elif asked:
        raise ValueError(f"--{next(iter(asked)).replace('_', '-')} is for a decoder, and this export has none.")
    print(f"Written: {zoo.export(run, out, format=format, decoder=decoder, **asked)}")


def _recipe_of(run):
    """The recipe a run was made by, which may have its own ways to read inputs and to show outputs."""
    from recipes.run import find

    return find(run.recipe["recipe"]) if run.recipe else None


def _decoder_for(asked, task) -> str:
    """The decoder that the arguments are about."""
    if {"temperature", "top_k", "top_p", "samples", "seed"} & set(asked):
        return "sampling"
    if {"beam_width", "n_best", "length_penalty", "coverage_penalty"} & set(asked):
        return "beam_search"
    return "greedy" if task.reads in (["source"], ["picture"]) else "sampling"


def _check(zoo, decoder, asked):
    taken = inspect.signature(zoo.decoding.DECODERS[decoder].__init__).parameters
    for name in asked:
        if name not in taken:
            raise ValueError(
                f"--{name.replace('_', '-')} is not for {decoder}: choose another --decoder or leave it away."
            )


def _ids(words, vocabularies) -> tuple[int, ...]:
    if not words:
        return ()
    target = vocabularies.get("target")
    if target is None:
        raise ValueError("This model says no tokens: --ban is not for it.")
    unknown = [word for word in words if word not in target]
    if unknown:
        raise ValueError(f"The model never says {unknown[0]!r}: it is no token of its vocabulary.")
    return tuple(target.tokens.index(word) for word in words)


def _answer(recipe, run, given, asked, others, as_json):
    """Many outputs together, which the recipe tells in the units of what was read: an object an input, or its lines."""
    taken = inspect.signature(recipe.answer).parameters
    others += [f"--{name.replace('_', '-')}" for name in asked if name not in taken]
    if others:
        raise ValueError(f"This model answers by many outputs together: leave {', '.join(others)} away.")
    for one in recipe.answer(run, given, **asked):
        write_line(json.dumps(one) if as_json else "\n".join(recipe.lines(one)))


def _stream(zoo, run, given, asked, others):
    if others:
        raise ValueError(f"--stream prints tokens as they come: leave {', '.join(others)} away.")
    if len(given) > 1:
        raise ValueError(f"--stream tells one output as it comes. Received: {len(given)} texts.")
    _check(zoo, "sampling", asked)
    taken = inspect.signature(zoo.stream).parameters
    for name in asked:
        if name not in taken:
            raise ValueError(f"--{name.replace('_', '-')} is not for --stream.")
    for piece in zoo.stream(run, given[0] if given else "", **asked):
        write_line(piece, end="")
    print()


def _tell(run, number, outputs, out, as_json):
    """One input's outputs for a person, or as JSON; what is no text is written by the recipe's own `render`."""
    if as_json:
        write_line(json.dumps([_plain(one) for one in outputs], ensure_ascii=False))
        return
    recipe = _recipe_of(run)
    if outputs and outputs[0].text is None and hasattr(recipe, "render"):
        known = {"run": run} if "run" in inspect.signature(recipe.render).parameters else {}
        for rank, one in enumerate(outputs):
            write_line(str(recipe.render(one, out or Path(), f"{number}_{rank}", **known)))
        return
    for one in outputs:
        shown = one.text if one.text is not None else " ".join(map(str, one.tokens))
        write_line(shown if len(outputs) == 1 else f"{one.score:.4f}\t{shown}")


def _plain(one) -> dict[str, Any]:
    content = {field.name: getattr(one, field.name) for field in dataclasses.fields(one) if field.name != "trace"}
    if not isinstance(one.tokens, list):
        content["tokens"] = one.tokens.tolist()
    return content


def _draw_alignments(found, path):
    from zoo.data.files import replace_file
    from zoo.plots.alignments import plot_alignments

    shown = [
        (one.alignment, one.source, one.tokens)
        for outputs in found
        for one in outputs[:1]
        if one.alignment is not None and one.tokens
    ]
    if not shown:
        raise ValueError("There is no alignment to draw: the model has no attention, or it wrote nothing.")
    with replace_file(path) as temporary:
        plot_alignments(shown, temporary)


def _draw_beam(run, inputs, beginnings, asked, path):
    import zoo
    from zoo.data.files import replace_file
    from zoo.plots.beam import Branch, plot_beam

    known = inspect.signature(zoo.decoding.BeamSearch.__init__).parameters
    first = inputs[:1] if isinstance(inputs, list) else 1
    chosen = None if beginnings is None else beginnings[:1]
    steps = zoo.search_tree(
        run, first, beginnings=chosen, **{name: value for name, value in asked.items() if name in known}
    )
    with replace_file(path) as temporary:
        plot_beam([[Branch(*branch) for branch in step] for step in steps], temporary)
