import pytest

from zoo.cli.decoder_options import check_arguments, decoder_arguments, decoder_of


def names(decoder):
    return {argument.name for argument in decoder_arguments(decoder)}


@pytest.mark.parametrize(
    ("tokens", "decoder"),
    [
        ([], None),
        (["text", "--maximum-length", "5"], None),
        (["--decoder", "greedy", "--beam-width", "3"], "greedy"),
        (["--beam-width=3"], "beam_search"),
        (["--top-k", "3"], "sampling"),
        (["--", "--top-k"], None),
    ],
)
def test_options_decide_the_decoder(tokens, decoder):
    assert decoder_of(tokens) == decoder


def test_a_decoder_has_its_own_arguments_and_the_shared_ones():
    assert {"beam_width", "n_best", "maximum_length", "no_repeat_ngram"} <= names("beam_search")
    assert "temperature" not in names("beam_search") and "temperature" in names(None)
    assert not {"name", "banned_tokens", "allowed_next"} & names(None)
    assert all(argument.text for argument in decoder_arguments(None))


def test_an_argument_of_another_decoder_is_refused():
    check_arguments("beam_search", {"beam_width": 3})
    with pytest.raises(ValueError, match="--beam-width is not for greedy: choose another --decoder or omit it."):
        check_arguments("greedy", {"beam_width": 3})
    with pytest.raises(ValueError, match="Unknown decoder: 'beam'. Did you mean 'beam_search'"):
        check_arguments("beam", {})
