import json
import sys

import pytest

from zoo.storage.extras import import_extra


def test_a_module_is_imported():
    assert import_extra("json", "audio") is json


def test_a_module_that_is_absent_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.delitem(sys.modules, "scipy.signal", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"needs scipy.*pip install 'seqzoo\[audio\]'"):
        import_extra("scipy.signal", "audio")
