"""The faults that are tried, in their order."""

from collections.abc import Callable
from dataclasses import dataclass


class Skip(Exception):  # noqa: N818  what cannot be tried here is no error
    """Why a fault cannot be tried on this machine."""


class Broken(Exception):  # noqa: N818  said as it is
    """What the trial itself needs does not work."""


@dataclass(frozen=True)
class Fault:
    """`work(scene)` brings it about, and says into `scene.verdict` what was seen."""

    name: str
    promised: str
    work: Callable


FAULTS: list[Fault] = []


def fault(name: str, promised: str):
    """Makes a function one of the faults."""

    def named(work: Callable) -> Callable:
        FAULTS.append(Fault(name, promised, work))
        return work

    return named
