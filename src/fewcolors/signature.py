"""The signatures of `compress` and `quantize` as `help` and notebooks show them.

The functions take ``**options``, which type checkers know. Whatever looks at them at run time, such
as ``help``, is given every option with its type and its default instead.
"""

import inspect
from collections.abc import Callable
from typing import Any

from .options import OptionArguments, Options

__all__ = ["with_options"]


def with_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a function that takes ``**options`` the signature that names them all.

    A function that has it already keeps it: two threads may ask for a public name at the same time.
    """
    plain = inspect.signature(function)
    kept = [
        parameter
        for parameter in plain.parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
        and parameter.name not in OptionArguments.__annotations__
    ]
    named = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=Options._field_defaults[name],
            annotation=annotation,
        )
        for name, annotation in OptionArguments.__annotations__.items()
    ]
    signature = plain.replace(parameters=[*kept, *named])
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function
