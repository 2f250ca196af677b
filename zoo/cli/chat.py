"""The command `zoo chat`: a dialogue in the terminal, turn by turn."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from zoo.cli.terminal import import_library, write_line

HELP = "/reset starts over, /history prints the dialogue, /quit ends (as the end of input does)."


def chat(
    folder: Path,
    *,
    decoder: Literal["greedy", "sampling", "beam_search"] = "greedy",
    temperature: float | None = None,
    top_p: float | None = None,
    seed: int | None = None,
    beam_width: int | None = None,
    maximum_length: int = 60,
) -> None:
    """Talk with a trained model: it answers each line given the whole history.

    /reset begins anew, /history shows what was outputs, /quit ends, as the end of input does.

    Args:
        folder: of the run, of a model that answers in dialogues.
        decoder: greedy, sampling or beam_search; by default what the other arguments ask for, else greedy.
        temperature: below 1 sharper, above 1 flatter (sampling).
        top_p: only the fewest words that hold this probability (sampling).
        seed: of the draws (sampling).
        beam_width: hypotheses kept at every step (beam search).
        maximum_length: words of an answer, its end included.
    """
    import_library()
    import zoo
    from zoo.data.vocabularies.dialogues import Utterances, joined
    from zoo.inference.compiled import make_decoder

    run = zoo.load(folder)
    source = run.vocabularies.get("source")
    flat = run.recipe.get("recipe") == "dialogue" and not isinstance(source, Utterances)
    if not flat and not isinstance(source, Utterances):
        raise ValueError(f"{folder} holds no model that answers in dialogues: train one with zoo train dialogue.")
    drawn = {"temperature": temperature, "top_p": top_p, "seed": seed}
    options: dict[str, Any] = {name: value for name, value in drawn.items() if value is not None}
    if options and decoder == "greedy":
        decoder = "sampling"
    if beam_width is not None:
        decoder, options = "beam_search", options | {"beam_width": beam_width}
    made = make_decoder(run.model, decoder, maximum_length=maximum_length, **options)

    def answer(history: list[str]) -> str:
        read = joined(history) if flat else history
        ((best, *_),) = zoo.generate(run, [read], decoder=made)
        return best.text or ""

    print(HELP)
    for line in talk(answer, _typed()):
        write_line(line)


def _typed() -> Iterator[str]:
    while True:
        try:
            yield input("you: ")
        except EOFError:
            print()
            return


def talk(answer: Callable[[list[str]], str], lines: Iterator[str]) -> Iterator[str]:
    """Yields what to print for every line that a person types, until /quit or the last line."""
    history: list[str] = []
    for line in lines:
        match line.strip():
            case "":
                continue
            case "/quit":
                return
            case "/reset":
                history = []
                yield "(started over)"
            case "/history":
                yield "\n".join(f"{'you' if number % 2 == 0 else 'zoo'}: {turn}" for number, turn in enumerate(history))
            case command if command.startswith("/"):
                yield f"{command} is no command. {HELP}"
            case utterance:
                history.append(utterance)
                history.append(answer(history) or "...")
                yield f"zoo: {history[-1]}"
