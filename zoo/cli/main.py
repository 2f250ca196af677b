"""The command `zoo`; each of its commands is a file of this package."""

import io
import sys
from importlib.metadata import version

from cyclopts import App

from zoo.cli.chat import chat
from zoo.cli.evaluate import evaluate
from zoo.cli.export import export
from zoo.cli.generate import generate
from zoo.cli.list_command import list_
from zoo.cli.predict import predict
from zoo.cli.score import score
from zoo.cli.show import show
from zoo.cli.terminal import errors_in_one_line
from zoo.cli.train import train
from zoo.cli.tune import tune

app = App(
    name="zoo",
    help="Sequence models on Keras 3: train, evaluate and use them.",
    version=lambda: version("seqzoo"),
    version_flags=["--version"],
    suppress_keyboard_interrupt=False,  # it would end the program without a word
)
app.command(list_, name="list")
app.command(show)
# The arguments of these are those of recipes and decoders: they parse their own command lines.
PARSERS = {"train": train, "tune": tune, "generate": generate, "export": export}
for function in PARSERS.values():
    app.command(function)
for function in (evaluate, predict, score, chat):
    app.command(function)


def main() -> None:
    """Run the command; an error of use or of data is one line, without a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # one character that the terminal lacks must not end the output
        sys.stdout.reconfigure(errors="backslashreplace")
    with errors_in_one_line():
        name, *tokens = sys.argv[1:] or [""]
        if name in PARSERS:
            PARSERS[name](*tokens)
        else:
            app(sys.argv[1:], exit_on_error=False, print_error=False)


if __name__ == "__main__":
    main()
