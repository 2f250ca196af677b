"""The command `zoo generate`: what a trained model writes."""

import dataclasses
import inspect
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from zoo.cli.output_files import check_out, format_numbers, write_file, writes_files
from zoo.cli.terminal import ProgressBar, quiet_import, read_lines, write_json_line, write_line

Json = Annotated[bool, Parameter(name="--json", negative=())]
Flag = Annotated[bool, Parameter(negative=())]
DecoderName = Literal["greedy", "sampling", "beam_search"]
# Steps of an output, and of what is added to a prefix of frames.
MAXIMUM_LENGTH = 100


def generate(
    folder: Path,
    *texts: str,
    decoder: DecoderName | None = None,
    count: int = 1,
    maximum_length: int | None = None,
    length_limit: int | None = None,
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
    prefix: str | None = None,
    stream: Flag = False,
    out: Path | None = None,
    alignments: Path | None = None,
    beam: Path | None = None,
    as_json: Json = False,
) -> None:
    """Let a trained model write: for the texts given, or one a line on standard input.

    Args:
        folder: of the run.
        texts: what to read (a language model goes on from it); none for a language model: begin anew. Sounds, pictures,
            clips, tables, and prefixes of music, pictures and drawings are given by their paths.
        decoder: greedy, sampling or beam_search; by default what the other arguments ask for, else greedy for
            models that read a source and sampling for others.
        count: how many outputs a model writes that reads nothing.
        maximum_length: tokens of an output, its prefix and end included; by default 100, behind a prefix that is
            no text 100 more.
        length_limit: the largest maximum length, which takes memory; by default 100,000.
        minimum_length: no end before so many tokens.
        beam_width: hypotheses kept at every step (beam search).
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
        prefix: what every output has to begin with.
        stream: print tokens as they come (sampling, one text).
        out: a file (song.mid, drawing.svg, picture.png), or a folder for several, of outputs that are no text.
        alignments: a picture (.png) of where the model looked, or of the shape it pointed out.
        beam: a picture (.png) of the search for the first text, as a tree.
        as_json: one JSON object an input.
    """
    with quiet_import():
        import zoo
        from zoo.inference.codec import MAX_COUNT, TextCodec

    if not 0 <= count <= MAX_COUNT:
        raise ValueError(f"--count lies between 0 and {MAX_COUNT:,}. Received: {count}")
    run = zoo.load(folder)
    task = TextCodec.of(run, None)
    if not task.generates:
        command = shlex.join(["zoo", "predict", str(folder), *texts])
        raise ValueError(f"{folder} holds a model that answers about its input and writes nothing: use {command}")
    given = list(texts) or ([] if not task.reads else read_lines())
    if prefix is not None and not task.reads and not given:  # of a model that reads nothing it is the input
        given, prefix = [prefix] * count, None
    recipe = _recipe_of(run)
    out = None if out is None else out.expanduser()
    if hasattr(recipe, "understand"):  # what is typed stands for numbers
        given = [_call(recipe.understand, text, run=run) for text in given]
    inputs: Any = given or count
    asked: dict[str, Any] = {
        "maximum_length": _default_length(task, given) if maximum_length is None else maximum_length,
        "length_limit": length_limit,
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
        others = {"--prefix": prefix, "--out": out, "--alignments": alignments, "--beam": beam, "--json": as_json}
        _stream(zoo, run, given, asked, [name for name, value in others.items() if value])
        return
    if hasattr(recipe, "answer"):
        others = {"--decoder": decoder, "--prefix": prefix, "--out": out, "--alignments": alignments}
        _answer(
            recipe, run, given, asked, [name for name, value in (others | {"--beam": beam}).items() if value], as_json
        )
        return
    name = decoder or _decoder_for(asked, task)
    check_arguments(zoo, name, asked)
    inputs_count = len(given) if given else count
    check_out(recipe, out, inputs_count * max(samples or 1, n_best or 1))
    prefixes = None if prefix is None else [prefix] * inputs_count
    with ProgressBar() as bar:
        found = zoo.generate(run, inputs, decoder=name, prefixes=prefixes, on_batch=bar, **asked)
    several = sum(map(len, found)) > 1
    for number, outputs in enumerate(found):
        _tell(run, recipe, number, outputs, out, as_json, several)
    if writes_files(recipe) and out is None and not as_json:
        ending = Path(recipe.OUTPUT_FILE).suffix  # type: ignore[union-attr]
        print(f"zoo: --out FILE{ending}, or --out FOLDER for several, writes {ending} files", file=sys.stderr)
    if alignments is not None:
        if hasattr(recipe, "draw_answers"):
            _call(recipe.draw_answers, found, given, alignments, run=run)
        else:
            _draw_alignments(found, alignments)
    if beam is not None:
        _draw_beam(run, inputs, prefixes, asked, beam)


def _recipe_of(run):
    """The recipe a run was made by, which may have its own ways to read inputs and to show outputs."""
    from zoo.experiments.run import find

    return find(run.recipe["recipe"]) if run.recipe else None


def _call(function, *arguments, run):
    """What a recipe's function makes of arguments, and of the run if it takes one."""
    return function(*arguments, **({"run": run} if "run" in inspect.signature(function).parameters else {}))


def _default_length(task, given) -> int | None:
    """Room behind prefixes that are frames, which may be longer than the default; None: the decoder's own."""
    if task.reads or not given or isinstance(given[0], str) or hasattr(task.model, "maximum_target"):
        return None
    return MAXIMUM_LENGTH + max(map(len, given))


def _decoder_for(asked, task) -> str:
    """The decoder that the arguments are about."""
    if {"temperature", "top_k", "top_p", "samples", "seed"} & set(asked):
        return "sampling"
    if {"beam_width", "n_best", "length_penalty", "coverage_penalty"} & set(asked):
        return "beam_search"
    return "greedy" if task.reads in (["source"], ["picture"]) else "sampling"


def check_arguments(zoo, decoder, asked):
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
    with ProgressBar() as bar:
        answers = recipe.answer(run, given, on_batch=bar, **asked)
    for one in answers:
        if as_json:
            write_json_line(one)
        else:
            write_line("\n".join(recipe.lines(one)))


def _stream(zoo, run, given, asked, others):
    if others:
        raise ValueError(f"--stream prints tokens as they come: leave {', '.join(others)} away.")
    if len(given) > 1:
        raise ValueError(f"--stream tells one output as it comes. Received: {len(given)} texts.")
    check_arguments(zoo, "sampling", asked)
    taken = inspect.signature(zoo.stream).parameters
    for name in asked:
        if name not in taken:
            raise ValueError(f"--{name.replace('_', '-')} is not for --stream.")
    for piece in zoo.stream(run, given[0] if given else "", **asked):
        write_line(piece, end="")
    print()


def _tell(run, recipe, number, outputs, out, as_json, several):
    """One input's outputs as files, for a person, or as JSON."""
    names = [f"{number}_{rank}" for rank in range(len(outputs))]
    files: list[Any] = [None] * len(outputs)
    if out is not None:
        files = [write_file(recipe, one, out, name, run) for one, name in zip(outputs, names, strict=True)]
    if as_json:
        paths = ({} if file is None else {"file": str(file[0])} for file in files)
        plain = [_plain(one) | path for one, path in zip(outputs, paths, strict=True)]
        write_json_line(plain)
        return
    for one, name, file in zip(outputs, names, files, strict=True):
        if file is not None:
            write_line(": ".join(filter(None, map(str, file))))
        elif isinstance(one.tokens, list):
            shown = one.text if one.text is not None else " ".join(map(str, one.tokens))
            write_line(shown if len(outputs) == 1 else f"{one.score:.4f}\t{shown}")
        else:  # lines that belong together
            shown = recipe.format_output(one, run) if writes_files(recipe) else format_numbers(one.tokens)
            write_line(f"{name}:\n{shown}" if several else shown)


def _plain(one) -> dict[str, Any]:
    content = {field.name: getattr(one, field.name) for field in dataclasses.fields(one) if field.name != "trace"}
    if not isinstance(one.tokens, list):
        content["tokens"] = one.tokens.tolist()
    return content


def _draw_alignments(found, path):
    from zoo.plots.alignments import plot_alignments
    from zoo.storage.files import replace_file

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


def _draw_beam(run, inputs, prefixes, asked, path):
    import zoo
    from zoo.plots.beam import Branch, plot_beam
    from zoo.storage.files import replace_file

    known = inspect.signature(zoo.decoding.BeamSearch.__init__).parameters
    first = inputs[:1] if isinstance(inputs, list) else 1
    chosen = None if prefixes is None else prefixes[:1]
    steps = zoo.search_tree(
        run, first, prefixes=chosen, **{name: value for name, value in asked.items() if name in known}
    )
    with replace_file(path) as temporary:
        plot_beam([[Branch(*branch) for branch in step] for step in steps], temporary)
