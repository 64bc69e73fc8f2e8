"""What the service does by itself, noted when it ends: the last success and the last failure of each task."""

from contextlib import contextmanager, suppress
from time import monotonic

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from initiatives.core.enums import Tache
from initiatives.models import Execution


def record(task: Tache, succeeded: bool = True, seconds: float | None = None, detail: str = "") -> None:
    """Notes that a task ended just now. `detail` is shown: nobody's name, address or words. One query."""
    row = Execution(tache=task, reussi=succeeded, fini_le=timezone.now(), duree_s=seconds, detail=detail[:200])
    Execution.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["tache", "reussi"],
        update_fields=["fini_le", "duree_s", "detail"],
    )


@contextmanager
def recorded(task: Tache):
    """Notes how what is done inside ended; of an error, its kind alone. What is put in the list it gives is shown."""
    since, said = monotonic(), []
    try:
        yield said
    except Exception as error:
        with suppress(DatabaseError, InterfaceError):  # what failed first is what is said
            record(task, False, monotonic() - since, type(error).__name__)
        raise
    record(task, True, monotonic() - since, ", ".join(said))


class Sign:
    """What a worker that stays gives from time to time: that it is there, and how its work goes."""

    def __init__(self, task: Tache, every: float = 60):
        self.task, self.every, self.given, self.last = task, every, None, None

    def give(self, succeeded: bool, detail: str = "") -> None:
        """Noted where it says something else than the last one, or that is so many seconds old. One query then."""
        said = (succeeded, detail)
        if said != self.last or monotonic() - self.given >= self.every:
            record(self.task, succeeded, detail=detail)
            self.last, self.given = said, monotonic()
