"""`zoo generate`, `zoo score` and `zoo export` on small models that are saved with vocabularies, as a run is."""

import json

import pytest

import zoo
from zoo.data.vocabulary import Vocabulary

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


def test_what_does_not_go_together_is_refused(command, translator, writer):
    for arguments, told in (
        ([translator, "a", "--decoder", "greedy", "--beam-width", 3], "--beam-width is not for greedy"),
        ([translator, "a", "--ban", "z"], "never says 'z'"),
        ([translator, "a", "--ban", "b", "--beginning", "b"], "banned"),
        ([translator, "a", "--beam-width", 99], "at most 10"),
        ([writer, "a", "b", "--stream"], "one output"),
        ([translator, "a", "--minimum-length", 9, "--maximum-length", 5], "minimum_length"),
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


@pytest.mark.tensorflow
def test_export_writes_a_folder(command, writer, tmp_path):
    output, _, code = command("export", writer, tmp_path / "made", "--decoder", "greedy", "--maximum-length", 4)
    assert (output, code) == (f"Written: {tmp_path / 'made'}\n", 0)
    assert (tmp_path / "made" / "model" / "saved_model.pb").is_file()
    assert (
        "--beam-width is not for greedy"
        in command("export", writer, tmp_path / "made", "--decoder", "greedy", "--beam-width", 2)[1]
    )
