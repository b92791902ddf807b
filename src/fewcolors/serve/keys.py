"""API keys: read from a file or the environment, kept as digests, compared in constant time."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Key", "digest_of", "find_key", "key_line", "new_key", "presented_key", "read_keys"]

SECRET_BYTES = 24
"""192 bits cannot be guessed, so that a plain digest protects a key as well as a slow one."""


class Key(NamedTuple):
    """Somebody who may use the service.

    Attributes:
        name: for counts, never secret.
        digest: SHA-256 of the key, as hex digits.
        quota: pictures a month; None for any number.
    """

    name: str
    digest: str
    quota: int | None = None


def new_key() -> str:
    """Returns a key that nobody can guess."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(key: str) -> str:
    """Returns what is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def key_line(name: str, key: str, quota: int | None = None) -> str:
    """Returns the line of a file of keys.

    >>> read_keys([key_line("shop", "secret", 500)])[0].quota
    500
    """
    return " ".join([name, digest_of(key), *([] if quota is None else [str(quota)])])


def read_keys(lines: Iterable[str]) -> tuple[Key, ...]:
    """Reads a file of keys: a name, a digest and perhaps a quota a line; # starts a comment.

    Raises:
        ValueError: a line is something else, or a name is there twice.
    """
    keys: dict[str, Key] = {}
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        name, digest, quota = [*words, *[None] * 3][:3]
        is_digest = digest is not None and len(digest) == 64 and set(digest) <= set(HEX_DIGITS)
        is_quota = quota is None or (quota.isascii() and quota.isdigit())
        if len(words) > 3 or not is_digest or not is_quota:
            raise ValueError(
                f"line {number} must be a name, a SHA-256 digest and perhaps a quota; "
                "fewcolors serve --new-key NAME prints one"
            )
        if name in keys:
            raise ValueError(f"line {number}: the name {name!r} is there twice; choose another")
        assert name is not None
        assert digest is not None
        keys[name] = Key(name, digest, None if quota is None else int(quota))
    return tuple(keys.values())


HEX_DIGITS = "0123456789abcdef"


def presented_key(authorization: str | None) -> str | None:
    """Returns the key in an Authorization header: Basic's password, or a Bearer token.

    >>> presented_key("Basic YXBpOnNlY3JldA=="), presented_key("Bearer secret")
    ('secret', 'secret')
    """
    scheme, _, value = (authorization or "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return text.partition(":")[2] or None


def find_key(keys: Iterable[Key], presented: str | None) -> Key | None:
    """Returns the key that a client has shown, in a time that does not tell which."""
    digest = digest_of(presented or "")
    found = None
    for key in keys:
        if hmac.compare_digest(key.digest, digest) and presented is not None:
            found = key
    return found
