"""Which addresses a picture may be fetched from: those of the public internet alone."""

import ipaddress

__all__ = ["is_public"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Carries packets of IPv6 to any address of IPv4 (RFC 6052)."""

LAST_32_BITS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96",  # IPv4-compatible (RFC 4291, 2.5.5.1)
        "::ffff:0:0/96",  # IPv4-mapped (RFC 4291, 2.5.5.2)
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        str(NAT64),
        "64:ff9b:1::/48",  # NAT64 of local networks (RFC 8215)
    )
)
"""Networks of IPv6 whose addresses end in one of IPv4."""

ISATAP = (0x00005EFE, 0x02005EFE)
"""The third quarter of addresses that end in one of IPv4, whatever their network (RFC 5214)."""

ALWAYS_REFUSED = tuple(
    ipaddress.ip_network(network) for network in ("192.88.99.0/24", "fec0::/10", "64:ff9b:1::/48")
)
"""Relays and local networks that Python's tables may call global."""


def is_public(text: str) -> bool:
    """Whether an address is one of the public internet, and every address inside it is too.

    >>> is_public("93.184.215.14"), is_public("100.64.0.1"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return "%" not in text and all(map(_is_plainly_public, [address, *_inside(address)]))


def _is_plainly_public(address: Address) -> bool:
    if any(address in network for network in ALWAYS_REFUSED if network.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address in NAT64:
        return True  # NAT64: what counts is the address inside
    is_special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not is_special


def _inside(address: Address) -> list[Address]:
    """Returns the addresses of IPv4 that a packet to an address may end up at."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    last = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    found: list[Address] = []
    if any(address in network for network in LAST_32_BITS):
        found.append(last)
    if (int(address) >> 32) & 0xFFFFFFFF in ISATAP:
        found.append(last)
    if address.sixtofour is not None:
        found.append(address.sixtofour)
    if address.teredo is not None:
        found.extend(address.teredo)
    return found
