"""All laws of an entry stand together, so that one process builds, runs and compiles its model once."""

from tests.laws.entries import EACH

ORDER = {id(entry): number for number, (_, entry) in enumerate(EACH)}


def pytest_collection_modifyitems(items):
    positions = [position for position, item in enumerate(items) if item.path.name == "test_laws.py"]
    laws = sorted((items[position] for position in positions), key=_entry_number)
    for position, item in zip(positions, laws, strict=True):
        items[position] = item


def _entry_number(item):
    """The place of the item's entry among all; a law about none comes first."""
    callspec = getattr(item, "callspec", None)
    return -1 if callspec is None else ORDER[id(callspec.params["entry"])]
