"""The index in the process: what the list's parameters ask for, answered from memory as PostgreSQL would answer it.

Made for a version of the data, and never answering from one older than the request has read. PostgreSQL stays the
truth: it answers by itself while an index is being made, past `INDEX_MAX` fiches, and whatever an index does not know.
"""

from .found import Found, found, numbers, total
from .near import nearby
from .present import index_at, index_ready

__all__ = ["Found", "found", "index_at", "index_ready", "nearby", "numbers", "total"]
