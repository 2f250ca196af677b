"""The command `zoo export`: a trained model for other programs."""

import inspect
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from zoo.cli.arguments import call
from zoo.cli.decoder_options import check_arguments, parsed_arguments
from zoo.cli.generate import FOLDER
from zoo.cli.terminal import import_library
from zoo.cli.train import Token
from zoo.experiments.arguments import Argument

OUT = Annotated[Path, Parameter(help="the folder to write; an export that it holds is replaced.")]
FORMAT = Argument(
    "format",
    Literal["saved_model", "onnx"],
    "saved_model",
    "saved_model (with the whole search in it), or onnx (encode and step).",
)
DECODER = Argument("decoder", str, "beam_search", "greedy, sampling or beam_search (saved_model).")


def export(*tokens: Token) -> None:
    """Write a trained model for processes without this package: zoo export RUN OUT [--decoder NAME] ...

    Args:
        tokens: the folder of the run, the folder to write, options.
    """
    import_library()
    from zoo.inference.export import export as write
    from zoo.inference.run import load

    def command(folder: Path, out: Path, **options: Any) -> None:
        format, decoder = options.pop("format", FORMAT.default), options.pop("decoder", DECODER.default)
        run = load(folder)
        if run.generates and format == "saved_model":
            check_arguments(decoder, options)
        elif options:
            raise ValueError(f"--{next(iter(options)).replace('_', '-')} is for a decoder, and this export has none.")
        print(f"Written: {write(run, out, format=format, decoder=decoder, **options)}")

    arguments = [FORMAT, DECODER, *parsed_arguments(tokens)]
    positional = [
        inspect.Parameter("folder", inspect.Parameter.POSITIONAL_ONLY, annotation=FOLDER),
        inspect.Parameter("out", inspect.Parameter.POSITIONAL_ONLY, annotation=OUT),
    ]
    description = "Write a trained model for processes without this package."
    call("zoo export", description, command, arguments, tokens, positional=positional)
