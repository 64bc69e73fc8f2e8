"""Whether the service is well, for the machine that watches it."""

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from initiatives.models import VersionDonnees


@never_cache
@csrf_exempt
@require_safe
def health(request):
    """200 when the database answers and is migrated, else 503. Never says anything about the content."""
    report = {"base_de_donnees": "indisponible", "migrations": "inconnues", "version_des_donnees": None}
    try:
        executor = MigrationExecutor(connection)
        report["base_de_donnees"] = "ok"
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        report["migrations"] = "en attente" if waiting else "ok"
        if not waiting:
            report["version_des_donnees"] = VersionDonnees.objects.get().numero
    except (DatabaseError, InterfaceError):
        pass
    well = report["version_des_donnees"] is not None
    return JsonResponse({"etat": "ok" if well else "en panne", **report}, status=200 if well else 503)
