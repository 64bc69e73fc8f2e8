"""Search of the fiches: what the visitor typed, what it means, and the SQL that finds and ranks.

`understand(text)` gives an Understanding; `matching(queryset, understanding)` the fiches; `ranked(...)` the same with
their `pertinence`; `highlighted(...)`
adds the passage where the words stand, and `marked(...)` makes safe HTML of it.
"""

from .sql import START, highlighted, marked, matching, ranked
from .understand import Understanding, understand

__all__ = ["START", "Understanding", "highlighted", "marked", "matching", "ranked", "understand"]
