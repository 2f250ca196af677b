import subprocess
import sys

import zoo
from zoo import public


def test_the_package_has_the_public_names():
    assert all(getattr(zoo, name) is getattr(public, name) for name in public.__all__)
    assert zoo.plots.plot_alignments


def test_the_command_imports_nothing_before_it_is_needed():
    code = "import sys; sys.argv = ['bin/zoo']; import zoo; print('keras' in sys.modules, zoo.build.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False build\n"
