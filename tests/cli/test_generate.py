"""`zoo generate` and `zoo score` on small models that are saved with vocabularies, as a run is."""

import json

import pytest

import zoo
from zoo.data.vocabularies.vocabulary import Vocabulary

LETTERS = Vocabulary(list("abcdef"), level="character")


@pytest.fixture(scope="module")
def translator(tmp_path_factory):
    """A run that reads and writes."""
    sizes = {"source_vocabulary_size": len(LETTERS), "target_vocabulary_size": len(LETTERS)}
    model = zoo.build("encoder_decoder", units=4, embedding_size=3, **sizes)
    return zoo.save(
        tmp_path_factory.mktemp("runs") / "pair", model, vocabularies={"source": LETTERS, "target": LETTERS}
    )


@pytest.fixture(scope="module")
def writer(tmp_path_factory):
    """A run that reads nothing."""
    model = zoo.build("language_model", vocabulary_size=len(LETTERS), units=4, layers=1)
    return zoo.save(tmp_path_factory.mktemp("runs") / "writer", model, vocabularies={"target": LETTERS})


@pytest.mark.slow
def test_texts_are_read_and_the_best_is_written(command, translator):
    expected = zoo.generate(zoo.load(translator), ["abc", "f"], decoder="beam_search", beam_width=3, maximum_length=5)
    output, _, code = command("generate", translator, "abc", "f", "--beam-width", 3, "--maximum-length", 5)
    assert (output, code) == ("".join(f"{outputs[0].text}\n" for outputs in expected), 0)


def test_n_best_as_json_and_pictures(command, translator, tmp_path):
    pictures = ["--alignments", tmp_path / "a.png", "--beam", tmp_path / "b.png"]
    arguments = ["--n-best", 2, "--beam-width", 3, "--minimum-length", 2, "--maximum-length", 5, "--json", *pictures]
    output, _, code = command("generate", translator, *arguments, standard_input="abc\n\nf\n")
    assert code == 0
    found = [json.loads(line) for line in output.splitlines()]
    assert [len(outputs) for outputs in found] == [2, 2]
    assert found[0][0]["score"] >= found[0][1]["score"]
    assert found[1][0]["source"] == ["f"]
    assert all((tmp_path / name).stat().st_size > 1000 for name in ("a.png", "b.png"))


def test_a_language_model_goes_on_and_streams_the_same(command, writer):
    given = ["--seed", 3, "--maximum-length", 9]
    whole = command("generate", writer, "ab", *given)[0]
    assert whole.startswith("ab")
    assert command("generate", writer, "ab", "--stream", *given)[0] == whole
    assert len(command("generate", writer, "--count", 3, *given)[0].splitlines()) == 3
    assert command("generate", writer, "--prefix", "ab", *given)[0] == whole
    assert command("generate", writer, "--prefix", "ab", "--stream", *given)[0] == whole


def test_frames_that_no_recipe_explains_are_a_table(command, tmp_path):
    run = zoo.save(tmp_path / "run", zoo.build("language_model", features=2, units=2, layers=1))
    output, errors, code = command("generate", run, "--maximum-length", 3, "--seed", 1)
    assert (errors, code) == ("", 0)
    assert all(line.split() in [[a, b] for a in "01" for b in "01"] for line in output.splitlines())
    assert len(output.splitlines()) == 3
    assert command("generate", run, "--maximum-length", 1, "--count", 2)[0].startswith("0_0:\n")


def test_progress_is_shown_at_a_terminal(command, writer, monkeypatch):
    monkeypatch.setattr("zoo.cli.terminal.MOMENT", 0)
    monkeypatch.setattr("zoo.cli.terminal.REFRESH", 0)
    monkeypatch.setattr("zoo.cli.generate.sys.stderr.isatty", lambda: True, raising=False)
    output, errors, code = command("generate", writer, "--count", 3, "--maximum-length", 3)
    assert code == 0 and len(output.splitlines()) == 3
    assert errors.startswith("\r3/3 inputs [====================] 0 s left") and errors.endswith(" \r")


def test_what_does_not_go_together_is_refused(command, translator, writer):
    for arguments, told in (
        ([translator, "a", "--decoder", "greedy", "--beam-width", 3], "--beam-width is not for greedy"),
        ([translator, "a", "--ban", "z"], "never emits 'z'"),
        ([translator, "a", "--ban", "b", "--prefix", "b"], "banned"),
        ([translator, "a", "--beam-width", 99], "at most 10"),
        ([writer, "a", "b", "--stream"], "one output"),
        ([translator, "a", "--minimum-length", 9, "--maximum-length", 5], "minimum_length"),
        ([translator, "a", "--maximum-length", 0], "`maximum_length` must be at least 1"),
        ([translator, "a", "--maximum-length", 10**9], "`maximum_length` is at most 100,000 (`length_limit`)"),
        ([writer, "--stream", "--maximum-length", 10**9], "`maximum_length` is at most 100,000 (`length_limit`)"),
        ([writer, "--maximum-length", 60, "--length-limit", 50], "`maximum_length` is at most 50"),
        ([writer, "--count", 10**9], "--count lies between 0 and 1,000,000. Received: 1000000000"),
        ([writer, "--samples", 10**9], "`samples` is at most 10,000"),
        ([writer, "--temperature", "inf"], "`temperature` is finite and above 0"),
        ([translator, "a", "--out", "a.txt"], "--out is for music, drawings and images"),
        ([writer, "--out", "texts", "--json"], "--out is for music, drawings and images"),
    ):
        output, errors, code = command("generate", *arguments)
        assert (output, code) == ("", 2), arguments
        assert told in errors


def test_score_tells_each_line_and_all(command, translator, writer):
    output, _, code = command("score", writer, "abc", "d")
    expected = zoo.score(zoo.load(writer), ["abc", "d"])
    assert code == 0
    lines = [line.split("\t") for line in output.splitlines()]
    assert [line[3] for line in lines] == ["abc", "d", "all 2"]
    for line, score in zip(lines, expected, strict=False):
        assert line[:3] == [f"{score.log_probability:.4f}", str(score.tokens), f"{score.perplexity:.3f}"]
    assert lines[2][1] == "6"
    pair = json.loads(command("score", translator, "--json", standard_input="abc\tcba\n")[0])
    (score,) = zoo.score(zoo.load(translator), [{"source": "abc", "target": "cba"}])
    assert pair["log_probability"] == pytest.approx(score.log_probability, abs=1e-5)
    assert "SOURCE<tab>TARGET" in command("score", translator, "abc")[1]


def test_an_n_best_file_is_ranked_anew(command, writer, tmp_path):
    (tmp_path / "list.txt").write_text("0 ||| abc ||| -1.0\n0 ||| f ||| -1.0\n1 ||| ab ||| -2.0\n")
    output, _, code = command("score", writer, "--nbest", tmp_path / "list.txt", "--weight", 2)
    assert code == 0
    rows = [line.split(" ||| ") for line in output.splitlines()]
    assert [row[0] for row in rows] == ["0", "0", "1"]
    assert float(rows[0][2]) >= float(rows[1][2])
    (tmp_path / "list.txt").write_text("0 ||| abc\n")
    assert "list.txt:1" in command("score", writer, "--nbest", tmp_path / "list.txt")[1]
