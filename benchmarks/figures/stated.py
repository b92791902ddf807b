"""Every promise: where it is stated, which figure tells, and its target."""

from .promise import Promise, as_recorded, at_least, at_most, between

__all__ = ["PROMISES"]
PROMISES: tuple[Promise, ...] = ()
