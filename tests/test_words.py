"""Identifiers are written in the field's words: none of them contains an everyday verb that stands for a value."""

import ast
import re

from tests.test_architecture import TREES

BANNED = {
    *("asked", "beginning", "begun", "borne", "found", "heard", "lent", "mend", "nowhere", "place", "places", "regime"),
    *("said", "seen", "settle", "told", "unsaid", "untold", "wanted"),
}
# Names of libraries.
ALLOWED = {"find_spec"}


def identifiers(tree):
    """Every name that a file binds: variables, arguments, attributes, functions and classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def words(identifier):
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


def test_no_identifier_has_a_banned_word():
    found = {
        name: sorted({one for one in identifiers(tree) if one not in ALLOWED and words(one) & BANNED})
        for name, tree in TREES.items()
    }
    assert not {name: names for name, names in found.items() if names}
