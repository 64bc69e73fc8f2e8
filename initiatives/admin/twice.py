"""What an editor sends is written whole or not at all, and sent again by itself when it met a colleague's."""

from functools import wraps

from django.contrib.messages.storage import default_storage
from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

MET = DeadlockDetected | LockNotAvailable | SerializationFailure


def met_another(error: Exception) -> bool:
    """Whether another transaction stood in the way, which is perhaps gone now."""
    return isinstance(error.__cause__, MET)


def tried_twice(view):
    """A view of the workshop whose POST is one transaction, begun once more when another transaction stood in its way.

    What it answers is sent after the transaction: nothing of the first try was seen, and its notices are forgotten.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except OperationalError as error:
            if not met_another(error):
                raise
        request._messages = default_storage(request)
        for file in request.FILES.values():
            file.seek(0)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return answer
