"""Marsad (مرصد, "observatory"): feeds are polled, watches are recognised, people are told."""

__version__ = "0.1.0"
