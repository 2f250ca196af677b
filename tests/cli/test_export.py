"""`zoo export` on a small model that is saved with vocabularies, as a run is."""

import pytest

import zoo
from zoo.data.vocabularies.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def writer(tmp_path_factory):
    """A run that reads nothing."""
    letters = Vocabulary(list("abcdef"), level="character")
    model = zoo.build("language_model", vocabulary_size=len(letters), units=4, layers=1)
    return zoo.save(tmp_path_factory.mktemp("runs") / "writer", model, vocabularies={"target": letters})


@pytest.mark.tensorflow
def test_export_writes_a_folder(command, writer, tmp_path):
    output, _, code = command("export", writer, tmp_path / "made", "--decoder", "greedy", "--maximum-length", 4)
    assert (output, code) == (f"Written: {tmp_path / 'made'}\n", 0)
    assert (tmp_path / "made" / "model" / "saved_model.pb").is_file()
    assert (
        "--beam-width is not for greedy"
        in command("export", writer, tmp_path / "made", "--decoder", "greedy", "--beam-width", 2)[1]
    )


@pytest.mark.tensorflow
def test_the_length_of_outputs_is_bounded(command, writer, tmp_path):
    arguments = ["export", writer, tmp_path / "made", "--decoder", "greedy", "--maximum-length"]
    assert "`maximum_length` is at most 100,000" in command(*arguments, 10**9)[1]
    assert "`maximum_length` is at most 50" in command(*arguments, 60, "--length-limit", 50)[1]
    assert not (tmp_path / "made").exists()
