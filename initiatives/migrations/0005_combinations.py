"""The combinations of facet values that exist, with their counts, kept by the database: counts at any scale."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

LINK = """
CREATE FUNCTION public.relier_initiative() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.porteurs_ids := ARRAY(
        SELECT organisme_id FROM public.initiatives_porteur WHERE initiative_id = NEW.numero ORDER BY organisme_id);
    RETURN NEW;
END
$$;
CREATE TRIGGER relier BEFORE INSERT OR UPDATE ON public.initiatives_initiative
FOR EACH ROW EXECUTE FUNCTION public.relier_initiative();
"""
COLUMNS = "region_id, types, clienteles, stade, implications, lieu, modalite, cible, sexe, age_min, age_max, tous_ages, porteurs_ids"
ADDED = f"SELECT 1 AS n, {COLUMNS} FROM nouvelles WHERE statut = 'publiee'"
REMOVED = f"SELECT -1 AS n, {COLUMNS} FROM anciennes WHERE statut = 'publiee'"
# Rows are locked in the order of their fingerprints, so that two writers cannot wait for each other.
COUNT = """
CREATE FUNCTION public.combinaisons_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.initiatives_combinaison AS c (empreinte, nombre, {columns})
    SELECT md5(ROW({columns})::text), sum(n)::integer, {columns} FROM ({rows}) AS changees
    GROUP BY {columns} HAVING sum(n) <> 0 ORDER BY 1
    ON CONFLICT (empreinte) DO UPDATE SET nombre = c.nombre + EXCLUDED.nombre;
    DELETE FROM public.initiatives_combinaison WHERE nombre = 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER combinaisons_{event} AFTER {event} ON public.initiatives_initiative {tables}
FOR EACH STATEMENT EXECUTE FUNCTION public.combinaisons_{event}();
"""
NEW, OLD = "NEW TABLE AS nouvelles", "OLD TABLE AS anciennes"
TRIGGERS = "".join(
    COUNT.format(event=event, columns=COLUMNS, rows=rows, tables=f"REFERENCING {tables}")
    for event, rows, tables in (
        ("insert", ADDED, NEW),
        ("update", f"{ADDED} UNION ALL {REMOVED}", f"{OLD} {NEW}"),
        ("delete", REMOVED, OLD),
    )
)
# The links first, while nothing counts yet; then the counts of what is there.
FILL = f"""
UPDATE public.initiatives_initiative SET recherche = NULL;
INSERT INTO public.initiatives_combinaison (empreinte, nombre, {COLUMNS})
SELECT md5(ROW({COLUMNS})::text), count(*), {COLUMNS} FROM public.initiatives_initiative
WHERE statut = 'publiee' GROUP BY {COLUMNS};
"""
BACKWARD = """
DROP TRIGGER combinaisons_insert ON public.initiatives_initiative;
DROP TRIGGER combinaisons_update ON public.initiatives_initiative;
DROP TRIGGER combinaisons_delete ON public.initiatives_initiative;
DROP FUNCTION public.combinaisons_insert, public.combinaisons_update, public.combinaisons_delete;
DROP TRIGGER relier ON public.initiatives_initiative;
DROP FUNCTION public.relier_initiative;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0004_sondage"),
    ]

    operations = [
        migrations.CreateModel(
            name="Combinaison",
            fields=[
                (
                    "empreinte",
                    models.CharField(max_length=32, primary_key=True, serialize=False, verbose_name="empreinte"),
                ),
                ("nombre", models.IntegerField(verbose_name="nombre de fiches")),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                (
                    "clienteles",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                ("stade", models.CharField(max_length=20)),
                (
                    "implications",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                ("lieu", models.CharField(max_length=20)),
                ("modalite", models.CharField(max_length=20)),
                ("cible", models.CharField(max_length=30)),
                ("sexe", models.CharField(max_length=20)),
                ("age_min", models.PositiveSmallIntegerField(null=True)),
                ("age_max", models.PositiveSmallIntegerField(null=True)),
                ("tous_ages", models.BooleanField()),
                (
                    "porteurs_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
            ],
            options={
                "verbose_name": "combinaison de facettes",
                "verbose_name_plural": "combinaisons de facettes",
            },
        ),
        migrations.AddField(
            model_name="initiative",
            name="porteurs_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                default=list,
                editable=False,
                size=None,
                verbose_name="organismes porteurs",
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["porteurs_ids"], name="initiative_porteurs"),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                condition=models.Q(("statut", "publiee")), fields=["numero"], name="initiative_publique"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                condition=models.Q(("statut", "publiee")), fields=["titre_tri", "numero"], name="initiative_titre"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                models.OrderBy(models.F("annee"), descending=True, nulls_last=True),
                models.F("numero"),
                condition=models.Q(("statut", "publiee")),
                name="initiative_annee",
            ),
        ),
        migrations.AddField(
            model_name="combinaison",
            name="region",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="initiatives.region",
            ),
        ),
        migrations.RunSQL(LINK + FILL + TRIGGERS, BACKWARD),
    ]
