"""What may be said, against rules checked as a person would; and rules that contradict each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import ops

from tests.decoding import table
from tests.decoding.table import END, START, all_of, follows, long_enough, repeats_nothing
from zoo.decoding.constraints import Constraints
from zoo.ops.logits import LOWEST

SIZE, LENGTH = 7, 6
WORDS = (1, 4, 5, 6)


def rules(seed):
    """Drawn rules and their meaning."""
    random = np.random.default_rng(seed)
    arguments, meanings = {"maximum_length": LENGTH}, []
    if random.random() < 0.6:
        arguments["minimum_length"] = int(random.integers(LENGTH))
        meanings.append(long_enough(arguments["minimum_length"]))
    if random.random() < 0.6:
        arguments["no_repeat_ngram"] = int(random.integers(1, 4))
        meanings.append(repeats_nothing(arguments["no_repeat_ngram"]))
    if random.random() < 0.5:
        arguments["banned_tokens"] = [
            int(token) for token in random.choice(WORDS, random.integers(1, 4), replace=False)
        ]
        meanings.append(lambda said: said[-1] not in arguments["banned_tokens"])
    if random.random() < 0.5:
        allowed = random.random((SIZE, SIZE)) < 0.6
        allowed[:, END] = True
        arguments["allowed_next"] = allowed
        meanings.append(follows(allowed))
    return arguments, all_of(*meanings)


@given(st.integers(0, 10_000))
def test_exactly_what_breaks_a_rule_is_forbidden(seed):
    """At every step of two outputs at once, whatever stands in the history behind the step."""
    random = np.random.default_rng(seed)
    arguments, may = rules(seed)
    constraints = Constraints(SIZE, **arguments)
    said = [[], []]
    history = random.integers(0, SIZE, (2, LENGTH)).astype("int32")
    for t in range(LENGTH):
        log_probs = np.log(random.dirichlet(np.ones(SIZE), 2)).astype("float32")
        last = np.array([row[-1] if row else START for row in said], "int32")
        narrowed = constraints(*map(ops.convert_to_tensor, (log_probs, last, np.int32(t), history)))
        narrowed = ops.convert_to_numpy(narrowed)
        for row, tokens in enumerate(said):
            # Where no rule leaves anything to say, the output ends.
            allowed = {token for token in (*WORDS, END) if may((*tokens, token))} or {END}
            assert {int(token) for token in np.flatnonzero(narrowed[row] > -1e29)} == allowed
            np.testing.assert_array_equal(narrowed[row, list(allowed)], log_probs[row, list(allowed)])
            going = sorted(allowed - {END})
            if not going:
                return
            tokens.append(int(random.choice(going)))
            history[row, t] = tokens[-1]


@given(st.integers(0, 10_000))
def test_a_prefix_is_taken_if_no_token_of_it_breaks_a_rule(seed):
    random = np.random.default_rng(seed)
    arguments, may = rules(seed)
    arguments.pop("minimum_length", None)
    prefix = [int(token) for token in random.choice(WORDS, random.integers(0, LENGTH))]
    broken = any(not may(prefix[:n]) for n in range(1, len(prefix) + 1))
    constraints = Constraints(SIZE, **arguments)
    if broken:
        with pytest.raises(ValueError, match="The prefix"):
            constraints.check_prefix(prefix)
    else:
        constraints.check_prefix(np.array(prefix, "int32"))


ALL = np.ones((SIZE, SIZE))
NOTHING_FIRST = ALL * (np.arange(SIZE) != START)[:, None]
NO_WAY_OUT = ALL * (np.arange(SIZE) != 5)[:, None]  # after 5 nothing may follow


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"maximum_length": 0}, "`maximum_length` must be at least 1. Received: 0"),
        ({"minimum_length": 4, "maximum_length": 4}, "between 0 and `maximum_length` - 1. Received: minimum_length=4"),
        ({"minimum_length": -1}, "Received: minimum_length=-1"),
        ({"no_repeat_ngram": -1}, "`no_repeat_ngram` is 0 or a number of tokens. Received: -1"),
        ({"banned_tokens": [7]}, "`banned_tokens` are ids below 7, the vocabulary's size. Received: 7"),
        ({"banned_tokens": [-1]}, "Received: -1"),
        ({"banned_tokens": [END]}, "`banned_tokens` holds 3, the end: no output could end.*raise `minimum_length`"),
        ({"banned_tokens": WORDS}, "`banned_tokens` leaves no token to emit but the end"),
        ({"allowed_next": np.ones((3, 3))}, r"`allowed_next` is a table \(7, 7\).*Received: \(3, 3\)"),
        ({"allowed_next": NOTHING_FIRST}, "`allowed_next` lets nothing follow the start"),
        ({"allowed_next": NO_WAY_OUT}, "lead to a token that nothing may follow.*allow the end"),
    ],
)
def test_each_contradiction_is_told_by_name(wrong, message):
    with pytest.raises(ValueError, match=message):
        Constraints(SIZE, **{"maximum_length": LENGTH, **wrong})


def test_a_way_without_an_end_that_is_never_reached_is_no_contradiction():
    constraints = Constraints(SIZE, maximum_length=LENGTH, allowed_next=NO_WAY_OUT, banned_tokens=[5])
    last = np.array([START, 1, 4, 6], "int32")
    said = ops.convert_to_numpy(constraints(ops.zeros((4, SIZE)), ops.convert_to_tensor(last), np.int32(1)))
    assert [np.flatnonzero(row > LOWEST / 2).tolist() for row in said] == [[1, END, 4, 6]] * 4


def test_what_a_source_offers_is_never_banned_but_never_said_where_it_is_not_there():
    """Two columns behind the vocabulary; the second row's source has only one place."""
    log_probs = np.log(np.random.default_rng(0).dirichlet(np.ones(SIZE + 2), 2)).astype("float32")
    log_probs[1, -1] = LOWEST
    history = np.array([[8, 7, 0, 0], [7, 0, 0, 0]], "int32")

    def may(**rules):
        constraints = Constraints(SIZE, maximum_length=LENGTH, has_copy_ids=True, **rules)
        last, t = np.array([7, 7], "int32"), np.int32(2)
        found = ops.convert_to_numpy(constraints(*map(ops.convert_to_tensor, (log_probs, last, t, history))))
        return [set(np.flatnonzero(row > LOWEST / 2)) for row in found]

    assert may() == [{*WORDS, END, 7, 8}, {*WORDS, END, 7}]
    assert may(banned_tokens=WORDS) == [{END, 7, 8}, {END, 7}]
    assert may(banned_tokens=WORDS, no_repeat_ngram=1, minimum_length=3) == [{END}, {END}]  # nothing else is left
    Constraints(SIZE, maximum_length=LENGTH, has_copy_ids=True).check_prefix([4, 8, 99])
    with pytest.raises(ValueError, match=r"repeats \(8,\)"):
        Constraints(SIZE, maximum_length=LENGTH, has_copy_ids=True, no_repeat_ngram=1).check_prefix([8, 8])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"allowed_next": np.ones((SIZE, SIZE))},
            "`allowed_next` is a table of one vocabulary; here every source adds",
        ),
        ({"banned_tokens": [7]}, "`banned_tokens` are ids below 7"),
    ],
)
def test_rules_are_about_the_vocabulary_that_all_sources_share(wrong, message):
    with pytest.raises(ValueError, match=message):
        Constraints(SIZE, maximum_length=LENGTH, has_copy_ids=True, **wrong)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"banned_tokens": [5]}, "token 5 at position 1, which is banned"),
        (
            {"allowed_next": NO_WAY_OUT * (np.arange(SIZE) != 5) + ALL * (np.arange(SIZE) == END)},
            "has token 5 after 4 at position 1",
        ),
        ({"no_repeat_ngram": 2}, r"repeats \(4, 5\), which `no_repeat_ngram` forbids"),
    ],
)
def test_what_a_prefix_breaks_is_told(arguments, message):
    with pytest.raises(ValueError, match=message):
        Constraints(SIZE, maximum_length=LENGTH, **arguments).check_prefix([4, 5, 4, 5])


@pytest.mark.parametrize("kind", ["greedy", "sampling"])
def test_no_output_ever_breaks_a_rule(kind):
    """With all rules at once, of many outputs."""
    from zoo.decoding import DECODERS

    allowed = np.random.default_rng(1).random((table.SIZE, table.SIZE)) < 0.5
    allowed[:, END] = True
    chances = table.table(kinds=8, length=8, seed=1)
    arguments = {"minimum_length": 3, "no_repeat_ngram": 2, "banned_tokens": [4, 9], "allowed_next": allowed}
    more = {"samples": 100, "seed": 1} if kind == "sampling" else {}
    decoder = DECODERS[kind](table.Table(chances), maximum_length=8, **arguments, **more)
    result = table.decode(decoder, table.sources(range(8)))
    may = all_of(long_enough(3), repeats_nothing(2), follows(allowed), lambda said: said[-1] not in (0, START, 4, 9))
    ended = 0
    for row in range(8):
        for number in range(more.get("samples", 1)):
            tokens = (*table.said(result, row, number), *([END] if result["finished"][row, number] else []))
            assert all(may(tokens[:n]) for n in range(1, len(tokens) + 1)), tokens
            ended += tokens[-1] == END
    assert ended
