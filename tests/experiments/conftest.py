from tests.runs import command, record_model_arguments, spoken, stored, tiny, trained  # noqa: F401
