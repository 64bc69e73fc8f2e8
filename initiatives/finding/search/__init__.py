"""Search of the fiches: what the visitor typed, what it means, and the SQL that finds and ranks.

`understand(text)` gives an Understanding; `matching(queryset, understanding)` the fiches; `ranked(...)` the same with
their `pertinence`; `extracts(...)` the passages where the words stand.
"""

from .passages import extracts
from .sql import matching, ranked
from .understand import Understanding, understand

__all__ = ["Understanding", "extracts", "matching", "ranked", "understand"]
