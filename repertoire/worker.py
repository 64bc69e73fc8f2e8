"""gunicorn's own worker with threads, which hears a probe even when every thread is taken."""

import selectors
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic

from gunicorn.workers.gthread import ThreadWorker

from repertoire.life import ALIVE, READY

PROBES = tuple(f"{method} {path} ".encode() for method in ("GET", "HEAD") for path in (ALIVE, READY))
LENGTH = max(map(len, PROBES))
PATIENCE = 5  # seconds for the first word


class Worker(ThreadWorker):
    """A connection is given to a thread once it said something: its first bytes tell whether it is a probe."""

    def init_process(self):
        self.probes = ThreadPoolExecutor(4, "probes")
        super().init_process()

    def enqueue_req(self, conn):
        try:
            first = conn.sock.recv(LENGTH, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return self.wait_for_words(conn)
        except OSError:
            first = b""  # gone: gunicorn sees it
        pool = self.probes if first.startswith(PROBES) else self.tpool
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))
        return None

    def wait_for_words(self, conn) -> None:
        """As gunicorn does for whoever says nothing, without a thread that waits."""
        conn.sock.setblocking(False)
        conn.timeout = monotonic() + PATIENCE
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))
