"""Which addresses a feed may be fetched from: public ones, unless its operator says otherwise. Pure."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# `is_global` is wrong or silent about these (shared by carriers, or holding an IPv4 address inside).
_SHARED = ip_network("100.64.0.0/10")
_NAT64 = ip_network("64:ff9b::/96")
_NAT64_LOCAL = ip_network("64:ff9b:1::/48")


def refusal(address: str) -> str | None:
    """Say why a connection to *address* (numeric, as the socket will use it) is refused; None allows it.

    An address that carries another one inside (IPv4-mapped, 6to4, Teredo, NAT64) is judged by both.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is no IP address"
    inner = _embedded(ip)
    if inner is not None and not _is_public(inner):
        return f"{address} stands for {inner}, which is not a public address"
    if isinstance(ip, IPv6Address) and (ip.ipv4_mapped is not None or ip in _NAT64):
        return None
    return None if _is_public(ip) else f"{address} is not a public address"


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast and ip not in _SHARED and ip not in _NAT64_LOCAL


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(ip, IPv4Address):
        return None
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return None
