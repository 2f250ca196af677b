from tests.data.conftest import write  # noqa: F401
