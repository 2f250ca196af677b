from tests.runs import command, spoken, stored, tiny, trained  # noqa: F401
