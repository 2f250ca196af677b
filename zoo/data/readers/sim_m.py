"""Simulated Dialogues (Sim-M, Sim-R): JSON lists of dialogues between a user and a system, plain or gzipped."""

import os

from zoo.data.readers.formats import Format, Head
from zoo.storage.files import DataError, load_json


def read(path: str | os.PathLike) -> list[list[str]]:
    """Reads the turns of each dialogue in their order: the user begins, the system answers.

    Args:
        path: train.json, dev.json or test.json: [{"turns": [{"user_utterance": {"text": ...}, "system_utterance": ...}
            ...]} ...]; in a turn the system speaks first, where it speaks.
    Returns:
        For each dialogue its turns, as texts.
    Raises:
        DataError: other JSON, or a dialogue without turns, by its number.
    """
    content = load_json(path)
    if not isinstance(content, list) or not content:
        raise DataError(path, 1, "a list of dialogues", f"{type(content).__name__}")
    return [_turns(path, number, dialogue) for number, dialogue in enumerate(content)]


def _turns(path, number, dialogue):
    turns = dialogue.get("turns") if isinstance(dialogue, dict) else None
    if not isinstance(turns, list) or not turns:
        raise DataError(path, None, f'dialogue {number} with "turns"', f"{dialogue!s:.60}")
    utterances = []
    for turn in turns:
        if not isinstance(turn, dict):
            raise DataError(path, None, f"dialogue {number}: turns that are objects", f"{turn!r:.60}")
        for side in ("system_utterance", "user_utterance"):
            utterance = turn.get(side)
            if utterance is None:
                continue
            text = utterance.get("text") if isinstance(utterance, dict) else None
            if not isinstance(text, str):
                raise DataError(path, None, f'dialogue {number}: {side} with a "text"', f"{utterance!r:.60}")
            utterances.append(text)
    return utterances


def _mismatch(head: Head) -> str:
    if not head.content.lstrip().startswith(b"["):
        return "it does not begin with ["
    return "" if b'"turns"' in head.content else 'its first dialogue has no "turns"'


FORMAT = Format("a JSON list of dialogues with turns (Sim-M, Sim-R)", _mismatch, read)
