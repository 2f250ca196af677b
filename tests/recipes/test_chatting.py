import builtins

import pytest

from recipes.chatting import chat, talk
from recipes.cli import app
from recipes.run import Settings, train


def said(*lines):
    """What is printed when each answer is the number of turns before it and the last of them."""
    return list(talk(lambda history: f"{len(history)} {history[-1]}", iter(lines)))


def test_every_answer_reads_all_that_was_said():
    assert said("hi", "  ", "bye") == ["zoo: 1 hi", "zoo: 3 bye"]


def test_commands():
    assert said("hi", "/history", "/reset", "again", "/quit", "unheard") == [
        "zoo: 1 hi",
        "you: hi\nzoo: 1 hi",
        "(begun anew)",
        "zoo: 1 again",
    ]
    (told,) = said("/exit")
    assert told.startswith("/exit is no command")


def test_nothing_to_say_is_told_as_such():
    assert list(talk(lambda history: "", iter(["hi"]))) == ["zoo: ..."]


@pytest.mark.parametrize("model", ["hierarchical", "flat"])
def test_a_trained_model_talks_until_the_input_ends(model, tmp_path, monkeypatch, capsys):
    settings = Settings(quick=True, epochs=1, verbose=0)
    train("dialogue", out=tmp_path / "run", settings=settings, examples=40, units=8, embedding_size=8, model=model)
    lines = iter(["hello , i am ada .", "a small tea , please ."])

    def typed(prompt):
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(builtins, "input", typed)
    app(["chat", str(tmp_path / "run"), "--seed", "1"], result_action="return_value")
    assert capsys.readouterr().out.count("zoo: ") == 2


def test_another_model_is_refused(tmp_path):
    train("reverse", out=tmp_path / "run", settings=Settings(quick=True, epochs=1, verbose=0), examples=60, units=8)
    with pytest.raises(ValueError, match="no model that answers in dialogues"):
        chat(tmp_path / "run")
