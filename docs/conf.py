"""The documentation site: `sphinx-build -W docs docs/_build/html`, without a network.

What can be made is made: the command's reference from its parser, the list of the API from the
package, the figures by `fewcolors.figures`, and the notebook by scripts/notebook.py.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from making import make
from making.mathml import use_mathml

import fewcolors

HERE = Path(__file__).parent

project = "fewcolors"
author = "The fewcolors authors"
copyright = "The fewcolors authors"
version = release = fewcolors.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "making"]
suppress_warnings = ["ref.python"]  # several classes have a width
nitpicky = False

default_role = "code"  # `name` in a docstring
autodoc_typehints = "none"  # the signature has them
autodoc_member_order = "bysource"
napoleon_use_rtype = False
napoleon_use_ivar = True
add_module_names = False

myst_enable_extensions = ["colon_fence", "dollarmath", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # scripts/notebook.py has run it

html_theme = "furo"
html_title = "fewcolors"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}


def setup(app):  # type: ignore[no-untyped-def]
    """Makes the pages that are made, and writes formulas as MathML, which needs no script."""
    make(HERE, fewcolors)
    use_mathml(app)
