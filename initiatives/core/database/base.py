"""Django's PostgreSQL, whose connections come from the servers of `servers.py`."""

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base

from .servers import Server, Servers
from .slow import told_where_slow


class DatabaseWrapper(base.DatabaseWrapper):
    """In OPTIONS, `reads` is the libpq address of the reads, where they have another than the writes."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.execute_wrappers.append(told_where_slow)

    def get_connection_params(self):
        parameters = super().get_connection_params()
        parameters.pop("reads", None)
        return parameters

    @property
    def pool(self) -> Servers | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        if self.alias not in self._connection_pools:
            parameters = self.get_connection_params() | {"autocommit": True}
            other = self.settings_dict["OPTIONS"].get("reads")
            writes = Server("writes", parameters, options, self._configure_connection)
            reads = Server("reads", parameters | other, options, self._configure_connection) if other else writes
            self._connection_pools.setdefault(self.alias, Servers(writes, reads))
        return self._connection_pools[self.alias]
