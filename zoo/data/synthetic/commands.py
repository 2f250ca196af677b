"""Commands in a small invented language and the actions they mean: every command is made of parts that recur."""

import numpy as np

from zoo.data.synthetic.grammar import Grammar

ACTIONS = {"dax": "HOP", "lug": "SPIN", "wif": "CLAP", "zup": "BOW", "mel": "WAVE", "kiki": "NOD"}
TURNS = {"tufa": "LEFT", "fep": "RIGHT", "nor": "UP", "sud": "DOWN"}
TIMES = {"bly": 2, "gront": 3}
LANGUAGE = Grammar(
    {
        "COMMAND": "PHRASE | 8 * PHRASE JOIN PHRASE",
        "PHRASE": "DEED | 2 * DEED TIMES | DEED back",
        "DEED": "ACTION | 2 * ACTION TURN | ACTION oppo TURN | ACTION rond TURN",
        "ACTION": " | ".join(ACTIONS),
        "TURN": " | ".join(TURNS),
        "TIMES": " | ".join(TIMES),
        "JOIN": "fen | gop | mir",
    }
)


def generate(count: int, *, seed: int = 0) -> list[dict[str, str]]:
    """Draw commands and what `interpret` makes of them, 1 to 54 actions.

    The language has 18 words and 312 phrases, which two and two make 292,000 commands. The rules are
    always right; who learned commands by heart has seen few of another seed's. Baseline: the actions in the order
    of their words, and nothing else, are right for about 0.01 of the commands.

    Args:
        count: examples.
        seed: of the draws.
    Shapes:
        {"source": command, "target": actions}, words separated by blanks.
    Reference: in the manner of SCAN, Lake and Baroni 2018 (arXiv:1711.00350), with other words and rules.
    """
    rng = np.random.default_rng(seed)
    commands = [" ".join(word for word, _ in LANGUAGE.sample("COMMAND", rng)) for _ in range(count)]
    return [{"source": command, "target": interpret(command)} for command in commands]


def interpret(command: str) -> str:
    """Returns the actions of a command, where [[x]] stands for the actions of x:

        dax                 HOP, by the table of actions
        dax tufa            LEFT HOP
        dax oppo tufa       LEFT LEFT HOP
        dax rond tufa       LEFT HOP LEFT HOP LEFT HOP
        x back              [[x]], then its actions in the reverse order
        x bly, x gront      [[x]] twice, three times
        x fen y             [[x]] [[y]]
        x gop y             [[y]] [[x]]
        x mir y             [[x]] [[y]] [[x]]

    Raises:
        ValueError: no command of the language.
    """
    words = command.split()
    joins = [index for index, word in enumerate(words) if word in ("fen", "gop", "mir")]
    if len(joins) > 1:
        raise ValueError(f"A command has at most two phrases. Received: {command!r}.")
    if not joins:
        return " ".join(_phrase(words, command))
    first, second = _phrase(words[: joins[0]], command), _phrase(words[joins[0] + 1 :], command)
    return " ".join({"fen": first + second, "gop": second + first, "mir": first + second + first}[words[joins[0]]])


def _phrase(words: list[str], command: str) -> list[str]:
    match words:
        case [*rest, times] if times in TIMES and rest:
            return _phrase(rest, command) * TIMES[times]
        case [*rest, "back"] if rest:
            actions = _phrase(rest, command)
            return actions + actions[::-1]
        case [action] if action in ACTIONS:
            return [ACTIONS[action]]
        case [action, turn] if action in ACTIONS and turn in TURNS:
            return [TURNS[turn], ACTIONS[action]]
        case [action, "oppo", turn] if action in ACTIONS and turn in TURNS:
            return [TURNS[turn], TURNS[turn], ACTIONS[action]]
        case [action, "rond", turn] if action in ACTIONS and turn in TURNS:
            return [TURNS[turn], ACTIONS[action]] * 3
    raise ValueError(f"A phrase is an action with a turn and how often. Received: {' '.join(words)!r} in {command!r}.")
