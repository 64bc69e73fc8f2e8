"""The WSGI application, for gunicorn or any other server. It starts warm."""

import gc
import os

from django.core.exceptions import ObjectDoesNotExist
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, InterfaceError, connection

from repertoire import env

gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "repertoire.settings")
with env.or_stop(3):  # under gunicorn without our configuration, 3 is how a worker says that no other will start either
    site = get_wsgi_application()
    from repertoire.probes import Probes  # once Django is set up


def warm_up() -> bool:
    """Reads what the search knows, so that nobody waits for it, and says whether it could.

    A database that does not answer yet stops no start.
    """
    from initiatives.core.database.servers import Purpose, taken_for
    from initiatives.core.limits import PUBLIC, limited
    from initiatives.finding.index import index_at
    from initiatives.finding.search import common, lexicon

    common.plain_english()  # most of a second, and of each visitor who comes before the first has read it
    try:
        with limited(PUBLIC), taken_for(Purpose.READ):
            index_at(lexicon.lexicon().version)
    except (DatabaseError, InterfaceError, ObjectDoesNotExist):
        return False  # each page says so, and the log with it
    finally:
        connection.close()
    return True


application = Probes(site, warm_up)
# What is imported and read by now stays to the end: Python need not look again and again for what of it to let go.
gc.freeze()
gc.enable()
