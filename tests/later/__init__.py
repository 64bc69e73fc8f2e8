"""The migrations of the site and one more, as the next release would bring it (test_upgrade)."""

import initiatives.migrations

__path__ = [*initiatives.migrations.__path__, *__path__]
