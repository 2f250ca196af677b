"""Counters with some wrong numbers: who goes on from the number before drifts away, who keeps count does not."""

import numpy as np

NUMBERS = 100


def generate(
    count: int,
    *,
    length: int = 50,
    lengths: tuple[int, int] | None = None,
    noise: float = 0.1,
    largest_step: int = 9,
    seed: int = 0,
) -> list[dict[str, str]]:
    """Draw counters modulo 100 of which some numbers are replaced by random ones.

        n_t = (start + t step) mod 100,   t = 0, 1, ...,   step = 1 .. largest_step

    What is replaced does not disturb the counter: the next number is right again. So a number determines little of the
        next
    one when it is wrong, and a model that was only ever fed the numbers of the data must do without them when it
    runs freely (exposure bias). Measure free-running outputs against `truth`, not against a noisy target.
    Baselines of `truth` at 50 numbers: the start at every step is right for 0.03 of them; the number before it in the
    target plus the step, for 0.90.

    Args:
        count: examples.
        length: numbers of every target.
        lengths: the shortest and the longest instead, both drawn, uniformly with all in between.
        noise: share of the numbers that are drawn anew, from all a hundred.
        largest_step: steps are drawn from 1 to this. There are 100 largest_step sources.
        seed: of the draws.
    Shapes:
        {"source": "start 17 step 3", "target": "17 20 23 26 ..."}, words separated by blanks.
    Raises:
        ValueError: lengths below 1 or out of order, noise that is no share, or a step that is none below 100.
    """
    shortest, longest = lengths or (length, length)
    if not 1 <= shortest <= longest:
        raise ValueError(f"Lengths are 1 <= shortest <= longest. Received: length={length}, lengths={lengths}.")
    if not 0 <= noise <= 1 or not 1 <= largest_step < NUMBERS:
        raise ValueError(
            f"0 <= noise <= 1 and 1 <= largest_step < {NUMBERS}. Received: noise={noise}, largest_step={largest_step}."
        )
    rng = np.random.default_rng(seed)
    examples = []
    for _ in range(count):
        source = f"start {rng.integers(NUMBERS)} step {rng.integers(1, largest_step + 1)}"
        numbers = np.array(truth(source, int(rng.integers(shortest, longest + 1))))
        wrong = rng.random(len(numbers)) < noise
        numbers[wrong] = rng.integers(0, NUMBERS, wrong.sum())
        examples.append({"source": source, "target": " ".join(map(str, numbers))})
    return examples


def truth(source: str, length: int) -> list[int]:
    """Returns the first numbers of the counter that nothing disturbs.

    Raises:
        ValueError: the source is not "start A step B".
    """
    match source.split():
        case ["start", start, "step", step] if start.isdecimal() and step.isdecimal():
            return [(int(start) + step_number * int(step)) % NUMBERS for step_number in range(length)]
    raise ValueError(f'A counter is "start 17 step 3". Received: {source!r}.')
