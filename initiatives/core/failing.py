"""What the log says when the database fails: how, and never a value."""

# SQLSTATE whose messages tell of the server: connection, read-only, deadlock, resources, locks, operator, system.
OF_ITSELF = ("08", "25006", "40", "53", "55", "57", "58")


def failure(error: Exception) -> str:
    """A failure of the database for the log: its kind and, where it speaks of itself alone, what it says.

    Never the detail, the hint or the statement: they hold values.
    """
    cause = error.__cause__ or error
    state = getattr(cause, "sqlstate", None) or ""
    name = f"{type(cause).__name__} {state}".strip()
    if state and not state.startswith(OF_ITSELF):
        return name
    sentence = cause.diag.message_primary if state else str(cause)
    return f"{name}: {(sentence or '').partition(chr(10))[0]}"
