import pytest

from zoo.data.synthetic.commands import ACTIONS, TIMES, TURNS, generate, interpret


@pytest.mark.parametrize(
    ("command", "actions"),
    [
        ("dax", "HOP"),
        ("dax tufa", "LEFT HOP"),
        ("lug oppo fep", "RIGHT RIGHT SPIN"),
        ("wif rond nor", "UP CLAP UP CLAP UP CLAP"),
        ("dax tufa back", "LEFT HOP HOP LEFT"),
        ("dax tufa gront", "LEFT HOP LEFT HOP LEFT HOP"),
        ("dax bly fen mel sud", "HOP HOP DOWN WAVE"),
        ("dax bly gop mel sud", "DOWN WAVE HOP HOP"),
        ("dax bly mir mel sud", "HOP HOP DOWN WAVE HOP HOP"),
    ],
)
def test_commands_by_hand(command, actions):
    assert interpret(command) == actions


def test_the_meaning_of_a_command_is_made_of_its_phrases():
    joined = 0
    for example in generate(300):
        words = example["source"].split()
        assert set(words) <= {*ACTIONS, *TURNS, *TIMES, *"oppo rond back fen gop mir".split()}
        for place, word in enumerate(words):
            if word in ("fen", "gop", "mir"):
                first, second = (interpret(" ".join(part)) for part in (words[:place], words[place + 1 :]))
                pattern = {"fen": "{0} {1}", "gop": "{1} {0}", "mir": "{0} {1} {0}"}[word]
                assert example["target"] == pattern.format(first, second)
                joined += 1
    assert joined > 200


def test_few_commands_are_seen_twice():
    examples = generate(5000)
    assert max(len(example["target"].split()) for example in examples) <= 54
    seen, others = ({example["source"] for example in part} for part in (examples, generate(1000, seed=1)))
    assert len(seen & others) < 0.25 * len(others)


@pytest.mark.parametrize(
    "command", ["", "tufa", "dax dax", "dax fen", "dax bly bly dax", "dax fen dax gop dax", "jump"]
)
def test_what_is_no_command(command):
    with pytest.raises(ValueError, match="Received: "):
        interpret(command)
