from tests.models.eagerly import either_way  # noqa: F401
