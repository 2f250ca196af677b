"""The command `zoo generate`: the outputs of a model that generates."""

import dataclasses
import inspect
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from zoo.cli.arguments import call, with_name
from zoo.cli.decoder_options import check_arguments, parsed_arguments
from zoo.cli.output_files import check_out, format_numbers, write_file
from zoo.cli.terminal import ProgressBar, import_library, read_lines, write_json_line, write_line
from zoo.cli.train import Token
from zoo.experiments.arguments import Argument, keyword_arguments, signature_arguments

# Steps of an output, and of what is added to a prefix of frames.
MAXIMUM_LENGTH = 100
FOLDER = Annotated[Path, Parameter(help="of the run.")]
TEXTS = Annotated[
    str,
    Parameter(
        help="inputs, or one a line on standard input; none for a language model: start from nothing. Sounds, images, "
        "clips, tables, and prefixes of music, images and drawings are given by their paths.",
        allow_leading_hyphen=False,
    ),
]


@dataclasses.dataclass(frozen=True)
class Options:
    """Options of `zoo generate` beside those of its decoder.

    Args:
        count: how many outputs a model generates that reads nothing.
        ban: tokens that are never emitted; may be given several times.
        prefix: what every output begins with.
        stream: print tokens as they are drawn (sampling, one text).
        out: a file (song.mid, drawing.svg, picture.png), or a folder for several, of outputs that are no text.
        alignments: an image (.png) of the attention, or of the shape that was pointed out.
        beam: an image (.png) of the search for the first text, as a tree.
        json: print one JSON object an input.
    """

    count: int = 1
    ban: tuple[str, ...] = ()
    prefix: str | None = None
    stream: bool = False
    out: Path | None = None
    alignments: Path | None = None
    beam: Path | None = None
    json: bool = False


OPTIONS = signature_arguments(Options)


def generate(*tokens: Token) -> None:
    """Let a trained model generate: zoo generate RUN [TEXTS] [--decoder NAME] ...; zoo generate --help.

    Args:
        tokens: the folder of the run, texts, options.
    """
    import_library()
    from zoo.decoding import DECODERS

    def command(folder: Path, *texts: str, decoder: str | None = None, **values: Any) -> None:
        names = {field.name for field in dataclasses.fields(Options)}
        options = Options(**{name: values.pop(name) for name in list(values) if name in names})
        _generate(folder, list(texts), decoder, options, values)

    options = [
        with_name(one, f"--{one.name}") if one.annotation is bool else one for one in signature_arguments(Options)
    ]
    text = f"{', '.join(DECODERS)}; none: the one that the other options belong to, else greedy for models that read a "
    choice = Argument("decoder", str | None, None, f"{text}source and sampling for others.")
    arguments = [choice, *parsed_arguments(tokens), *options]
    positional = [
        inspect.Parameter("folder", inspect.Parameter.POSITIONAL_ONLY, annotation=FOLDER),
        inspect.Parameter("texts", inspect.Parameter.VAR_POSITIONAL, annotation=TEXTS),
    ]
    description = "Let a trained model generate: for the texts given, or one a line on standard input."
    call("zoo generate", description, command, arguments, tokens, positional=positional, show_defaults=True)


def _generate(folder: Path, texts: list[str], decoder: str | None, options: Options, arguments: dict[str, Any]) -> None:
    from zoo.experiments.recipe import load_recipe
    from zoo.inference.codec import MAX_COUNT, TextCodec
    from zoo.inference.run import load

    if not 0 <= options.count <= MAX_COUNT:
        raise ValueError(f"--count lies between 0 and {MAX_COUNT:,}. Received: {options.count}")
    run = load(folder)
    if not run.generates:
        command = shlex.join(["zoo", "predict", str(folder), *texts])
        raise ValueError(f"{folder} holds a model that maps its input and generates nothing: use {command}")
    codec = TextCodec.of(run, None)
    recipe = load_recipe(run.recipe["recipe"]) if run.recipe else None
    lines: list[Any] = texts or ([] if not codec.reads else read_lines())
    if options.prefix is not None and not codec.reads and not lines:  # of a model that reads nothing it is the input
        lines, options = [options.prefix] * options.count, dataclasses.replace(options, prefix=None)
    if recipe is not None and recipe.defines("parse_input"):
        lines = [recipe.parse_input(text, run) for text in lines]
    length = _default_length(codec, lines)
    if length is not None:
        arguments = {"maximum_length": length, **arguments}
    if options.ban:
        arguments["banned_tokens"] = _ids(options.ban, run.vocabularies)
    if options.stream:
        _stream(run, lines, arguments, options)
    elif recipe is not None and recipe.defines("predict"):
        _answer(recipe, run, lines, decoder, arguments, options)
    else:
        name = decoder or _decoder_for(arguments, codec)
        check_arguments(name, arguments)
        _write(run, recipe, lines, name, arguments, options)


def _write(run, recipe, lines, decoder, arguments, options) -> None:
    """Generate with a decoder, and print or write the outputs."""
    out = None if options.out is None else options.out.expanduser()
    count = len(lines) if lines else options.count
    check_out(recipe, out, count * max(arguments.get("samples", 1), arguments.get("n_best", 1)))
    prefixes = None if options.prefix is None else [options.prefix] * count
    inputs = lines or options.count
    with ProgressBar() as bar:
        outputs = run.generate(inputs, decoder=decoder, prefixes=prefixes, on_batch=bar, **arguments)
    several = sum(map(len, outputs)) > 1
    for number, hypotheses in enumerate(outputs):
        _print(run, recipe, number, hypotheses, out, options.json, several)
    file = None if recipe is None else recipe.OUTPUT_FILE
    if file is not None and out is None and not options.json:
        ending = Path(file).suffix
        print(f"zoo: --out FILE{ending}, or --out FOLDER for several, writes {ending} files", file=sys.stderr)
    if options.alignments is not None:
        if recipe is not None and recipe.defines("plot_outputs"):
            recipe.plot_outputs(outputs, lines, options.alignments, run)
        else:
            _plot_alignments(outputs, options.alignments)
    if options.beam is not None:
        _plot_beam(run, inputs, prefixes, arguments, options.beam)


def _default_length(codec, lines) -> int | None:
    """Room behind prefixes that are frames, which may be longer than the default; None: the decoder's own."""
    if codec.reads or not lines or isinstance(lines[0], str) or codec.model.maximum_target is not None:
        return None
    return MAXIMUM_LENGTH + max(map(len, lines))


def _decoder_for(arguments, codec) -> str:
    """The decoder that the arguments belong to."""
    if {"temperature", "top_k", "top_p", "samples", "seed"} & set(arguments):
        return "sampling"
    if {"beam_width", "n_best", "length_penalty", "coverage_penalty"} & set(arguments):
        return "beam_search"
    return "greedy" if codec.reads in (["source"], ["picture"]) else "sampling"


def _ids(words, vocabularies) -> tuple[int, ...]:
    target = vocabularies.get("target")
    if target is None:
        raise ValueError("This model emits no tokens: --ban is not for it.")
    unknown = [word for word in words if word not in target]
    if unknown:
        raise ValueError(f"The model never emits {unknown[0]!r}: it is no token of its vocabulary.")
    return tuple(target.tokens.index(word) for word in words)


def _answer(recipe, run, lines, decoder, arguments, options) -> None:
    """Answers of many outputs together, which the recipe gives in the units of its input."""
    taken = keyword_arguments(recipe.predict)
    values = dataclasses.asdict(options) | {"decoder": decoder}
    others = [f"--{name}" for name in ("decoder", "prefix", "out", "alignments", "beam") if values[name]]
    others += [f"--{name.replace('_', '-')}" for name in arguments if name not in taken]
    if others:
        raise ValueError(f"This model answers with many outputs together: omit {', '.join(others)}.")
    with ProgressBar() as bar:
        answers = recipe.predict(run, lines, on_batch=bar, **arguments)
    for answer in answers:
        if options.json:
            write_json_line(answer)
        else:
            write_line("\n".join(recipe.format_answer(answer)))


def _stream(run, lines, arguments, options) -> None:
    from zoo.inference.generate import stream

    values = dataclasses.asdict(options)
    others = [f"--{name}" for name in ("prefix", "out", "alignments", "beam", "json") if values[name]]
    if others:
        raise ValueError(f"--stream prints tokens as they are drawn: omit {', '.join(others)}.")
    if len(lines) > 1:
        raise ValueError(f"--stream prints one output as it is drawn. Received: {len(lines)} texts.")
    check_arguments("sampling", arguments)
    taken = inspect.signature(stream).parameters
    for name in arguments:
        if name not in taken:
            raise ValueError(f"--{name.replace('_', '-')} is not for --stream.")
    for piece in stream(run, lines[0] if lines else "", **arguments):
        write_line(piece, end="")
    print()


def _print(run, recipe, number, hypotheses, out, as_json, several) -> None:
    """One input's outputs as files, for a person, or as JSON."""
    names = [f"{number}_{rank}" for rank in range(len(hypotheses))]
    files: list[Any] = [None] * len(hypotheses)
    if out is not None:
        files = [write_file(recipe, one, out, name, run) for one, name in zip(hypotheses, names, strict=True)]
    if as_json:
        paths = ({} if file is None else {"file": str(file[0])} for file in files)
        write_json_line([_plain(one) | path for one, path in zip(hypotheses, paths, strict=True)])
        return
    for one, name, file in zip(hypotheses, names, files, strict=True):
        if file is not None:
            write_line(": ".join(filter(None, map(str, file))))
        elif isinstance(one.tokens, list):
            shown = one.text if one.text is not None else " ".join(map(str, one.tokens))
            write_line(shown if len(hypotheses) == 1 else f"{one.score:.4f}\t{shown}")
        else:  # lines that belong together
            is_file = recipe is not None and recipe.OUTPUT_FILE is not None
            shown = recipe.format_output(one, run) if is_file else format_numbers(one.tokens)
            write_line(f"{name}:\n{shown}" if several else shown)


def _plain(one) -> dict[str, Any]:
    content = {field.name: getattr(one, field.name) for field in dataclasses.fields(one) if field.name != "trace"}
    if not isinstance(one.tokens, list):
        content["tokens"] = one.tokens.tolist()
    return content


def _plot_alignments(outputs, path) -> None:
    from zoo.plots.alignments import plot_alignments
    from zoo.storage.files import replace_file

    shown = [
        (one.alignment, one.source, one.tokens)
        for hypotheses in outputs
        for one in hypotheses[:1]
        if one.alignment is not None and one.tokens
    ]
    if not shown:
        raise ValueError("There is no alignment to draw: the model has no attention, or its output is empty.")
    with replace_file(path) as temporary:
        plot_alignments(shown, temporary)


def _plot_beam(run, inputs, prefixes, arguments, path) -> None:
    from zoo.decoding import BeamSearch
    from zoo.inference.search_tree import search_tree
    from zoo.plots.beam import Branch, plot_beam
    from zoo.storage.files import replace_file

    known = keyword_arguments(BeamSearch)
    first = inputs[:1] if isinstance(inputs, list) else 1
    chosen = None if prefixes is None else prefixes[:1]
    own = {name: value for name, value in arguments.items() if name in known}
    steps = search_tree(run, first, prefixes=chosen, **own)
    with replace_file(path) as temporary:
        plot_beam([[Branch(*branch) for branch in step] for step in steps], temporary)
