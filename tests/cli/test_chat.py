import builtins

import pytest

import zoo
from tests.runs import model_of, splits_of
from zoo.cli.chat import chat, talk
from zoo.cli.main import app
from zoo.experiments.run import train
from zoo.experiments.settings import Settings


def said(*lines):
    """What is printed when each answer is the number of turns before it and the last of them."""
    return list(talk(lambda history: f"{len(history)} {history[-1]}", iter(lines)))


def test_every_answer_reads_all_that_was_said():
    assert said("hi", "  ", "bye") == ["zoo: 1 hi", "zoo: 3 bye"]


def test_commands():
    assert said("hi", "/history", "/reset", "again", "/quit", "unheard") == [
        "zoo: 1 hi",
        "you: hi\nzoo: 1 hi",
        "(started over)",
        "zoo: 1 again",
    ]
    (told,) = said("/exit")
    assert told.startswith("/exit is no command")


def test_nothing_to_say_is_told_as_such():
    assert list(talk(lambda history: "", iter(["hi"]))) == ["zoo: ..."]


def type_lines(monkeypatch, *lines):
    """Let `input` return these lines, then end."""
    lines = iter(lines)

    def typed(prompt):
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(builtins, "input", typed)


def test_a_saved_model_talks_until_the_input_ends(tmp_path, monkeypatch, capsys):
    splits = splits_of("dialogue", examples=40)
    model = model_of("dialogue", splits, units=4, embedding_size=4)
    zoo.save(tmp_path / "run", model, vocabularies=splits.vocabularies)
    type_lines(monkeypatch, "hello , i am ada .", "a small tea , please .")
    app(["chat", str(tmp_path / "run"), "--seed", "1", "--maximum-length", "5"], result_action="return_value")
    assert capsys.readouterr().out.count("zoo: ") == 2


@pytest.mark.slow
@pytest.mark.parametrize("model", ["hierarchical", "flat"])
def test_a_trained_model_talks_until_the_input_ends(model, tmp_path, monkeypatch, capsys):
    settings = Settings(quick=True, epochs=1, verbose=0)
    train("dialogue", out=tmp_path / "run", settings=settings, examples=40, units=8, embedding_size=8, model=model)
    type_lines(monkeypatch, "hello , i am ada .", "a small tea , please .")
    app(["chat", str(tmp_path / "run"), "--seed", "1"], result_action="return_value")
    assert capsys.readouterr().out.count("zoo: ") == 2


def test_another_recipe_is_refused(trained):
    with pytest.raises(ValueError, match="no model that answers in dialogues"):
        chat(trained.folder)


@pytest.mark.slow
def test_another_model_is_refused(tmp_path):
    train("reverse", out=tmp_path / "run", settings=Settings(quick=True, epochs=1, verbose=0), examples=60, units=8)
    with pytest.raises(ValueError, match="no model that answers in dialogues"):
        chat(tmp_path / "run")
