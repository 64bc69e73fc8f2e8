"""Permanent identifiers for formats that want a UUID: the same whatever the host, the database and the day."""

from uuid import UUID, uuid5

# Drawn once. Changing it changes every identifier that others keep: never.
NAMESPACE = UUID("1fa5ecda-30be-4d05-86b1-b3d6b9393664")


def identifier(kind: str, *key: object) -> str:
    """The UUIDv5 of a thing from what never changes of it: `identifier("service", 64)` is that of fiche 64."""
    return str(uuid5(NAMESPACE, "/".join([kind, *map(str, key)])))
