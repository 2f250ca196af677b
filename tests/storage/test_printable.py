from zoo.storage.printable import printable


def test_control_characters_are_escaped():
    assert printable("a\tb\n\x1b[2Jc\x9b1m\x7f") == "a\tb\n\\x1b[2Jc\\x9b1m\\x7f"
