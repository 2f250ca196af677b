"""Simulated Dialogues (Sim-M, Sim-R): JSON lists of dialogues between a user and a system, plain or gzipped."""

import json
import os

from zoo.data.files import DataError, open_text


def read(path: str | os.PathLike) -> list[list[str]]:
    """Reads the turns of each dialogue in the order they were said: the user begins, the system answers.

    Args:
        path: train.json, dev.json or test.json: [{"turns": [{"user_utterance": {"text": ...}, "system_utterance": ...}
            ...]} ...]; in a turn the system speaks first, where it speaks.
    Returns:
        For each dialogue its turns, as texts.
    Raises:
        DataError: other JSON, or a dialogue without turns, by its number.
    """
    try:
        content = json.loads("\n".join(open_text(path)))
    except json.JSONDecodeError as error:
        raise DataError(path, error.lineno, "JSON", error.msg) from error
    if not isinstance(content, list) or not content:
        raise DataError(path, 1, "a list of dialogues", f"{type(content).__name__}")
    return [_turns(path, number, dialogue) for number, dialogue in enumerate(content)]


def _turns(path, number, dialogue):
    turns = dialogue.get("turns") if isinstance(dialogue, dict) else None
    if not isinstance(turns, list) or not turns:
        raise DataError(path, None, f'dialogue {number} with "turns"', f"{dialogue!s:.60}")
    said = []
    for turn in turns:
        for side in ("system_utterance", "user_utterance"):
            utterance = turn.get(side)
            if utterance is None:
                continue
            text = utterance.get("text") if isinstance(utterance, dict) else None
            if not isinstance(text, str):
                raise DataError(path, None, f'dialogue {number}: {side} with a "text"', f"{utterance!r:.60}")
            said.append(text)
    return said
