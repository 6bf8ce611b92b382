"""The life of one `marsad run`: `run` starts it; the worker holds its stages, the clockwork their ticks."""

from marsad.daemon.worker import run, user_agent

__all__ = ["run", "user_agent"]
