"""Packages of the optional dependencies ("extras")."""

import importlib
from types import ModuleType


def import_extra(module: str, extra: str) -> ModuleType:
    """Return a module that one of the project's extras installs.

    Args:
        module: its name, "scipy.signal".
        extra: that installs it, "audio".
    Raises:
        ModuleNotFoundError: it is not installed; the message names the extra to install.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"This needs {module.partition('.')[0]}, which is not installed: pip install 'seqzoo[{extra}]'.",
            name=error.name,
        ) from error
