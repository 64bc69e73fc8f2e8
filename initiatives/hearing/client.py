"""Where a request comes from: said by the connection, or by the proxies that we were told of, and by nobody else."""

from django.conf import settings


def address(request) -> str:
    """The address of the client, as its connection or our own proxies give it.

    With PROXY_DEPTH proxies before the server, each appends the address that it saw: ours is that many from the end.
    Whatever stands before it was written by the client and is not believed.
    """
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    depth = settings.PROXY_DEPTH
    if depth and len(seen) >= depth:
        return seen[-depth]
    return request.META.get("REMOTE_ADDR", "")
