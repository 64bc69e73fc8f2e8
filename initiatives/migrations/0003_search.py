"""The search: the vector and the words of each fiche, and the words of the collection, all kept by the database."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

import initiatives.models.fields

# Weights: A the title; B the porteurs, their acronyms and their other spellings; C objectives and description;
# D what is said around them, codes read as words (« travail-de-rue »).
INDEX = """
CREATE FUNCTION public.vecteur_de_recherche(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.french'::regconfig, public.texte_cherchable($1))
    || to_tsvector('public.sans_accents_fr'::regconfig, public.texte_cherchable($1));

CREATE FUNCTION public.indexer_initiative() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    porteurs text := concat_ws(' ', NEW.porteur_mention, (
        SELECT string_agg(concat_ws(' ', o.nom, o.sigle, o.nom_court, array_to_string(o.variantes, ' ')), ' ')
        FROM public.initiatives_porteur p JOIN public.initiatives_organisme o ON o.id = p.organisme_id
        WHERE p.initiative_id = NEW.numero));
    corps text := concat_ws(' ', array_to_string(NEW.objectifs, ' '), NEW.description, NEW.composantes,
        NEW.pour_en_savoir_plus);
    autour text := concat_ws(' ', NEW.partenaires, NEW.autre_clientele_mention, NEW.cible_mention, NEW.frequence,
        NEW.age_mention, NEW.region_id, NEW.stade, NEW.lieu, NEW.modalite, array_to_string(NEW.types, ' '),
        array_to_string(NEW.clienteles, ' '), array_to_string(NEW.implications, ' '));
BEGIN
    NEW.recherche := setweight(public.vecteur_de_recherche(NEW.titre), 'A')
        || setweight(public.vecteur_de_recherche(porteurs), 'B')
        || setweight(public.vecteur_de_recherche(corps), 'C')
        || setweight(public.vecteur_de_recherche(autour), 'D');
    NEW.mots := ARRAY(
        SELECT DISTINCT mot FROM regexp_split_to_table(
            lower(public.texte_cherchable(concat_ws(' ', NEW.titre, porteurs, corps, autour))), '[^[:alnum:]]+') AS mot
        WHERE length(mot) > 1 ORDER BY mot);
    RETURN NEW;
END
$$;
CREATE TRIGGER indexer BEFORE INSERT OR UPDATE ON public.initiatives_initiative
FOR EACH ROW EXECUTE FUNCTION public.indexer_initiative();

-- A change of porteur, or of an organisation's names, touches its fiches, and the trigger above does the rest.
CREATE FUNCTION public.reindexer_porteurs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.initiatives_initiative SET recherche = NULL
    WHERE numero IN (SELECT initiative_id FROM changees);
    RETURN NULL;
END
$$;
CREATE TRIGGER reindexer_ajout AFTER INSERT ON public.initiatives_porteur REFERENCING NEW TABLE AS changees
FOR EACH STATEMENT EXECUTE FUNCTION public.reindexer_porteurs();
CREATE TRIGGER reindexer_retrait AFTER DELETE ON public.initiatives_porteur REFERENCING OLD TABLE AS changees
FOR EACH STATEMENT EXECUTE FUNCTION public.reindexer_porteurs();
CREATE FUNCTION public.reindexer_lien() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.initiatives_initiative SET recherche = NULL
    WHERE numero IN (SELECT initiative_id FROM anciennes UNION SELECT initiative_id FROM nouvelles);
    RETURN NULL;
END
$$;
CREATE TRIGGER reindexer_changement AFTER UPDATE ON public.initiatives_porteur
REFERENCING OLD TABLE AS anciennes NEW TABLE AS nouvelles
FOR EACH STATEMENT EXECUTE FUNCTION public.reindexer_lien();
CREATE FUNCTION public.reindexer_organisme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.initiatives_initiative SET recherche = NULL
    WHERE numero IN (
        SELECT p.initiative_id FROM public.initiatives_porteur p
        JOIN nouvelles n ON n.id = p.organisme_id JOIN anciennes a ON a.id = n.id
        WHERE (a.nom, a.sigle, a.nom_court, a.variantes) IS DISTINCT FROM (n.nom, n.sigle, n.nom_court, n.variantes));
    RETURN NULL;
END
$$;
CREATE TRIGGER reindexer AFTER UPDATE ON public.initiatives_organisme
REFERENCING OLD TABLE AS anciennes NEW TABLE AS nouvelles
FOR EACH STATEMENT EXECUTE FUNCTION public.reindexer_organisme();
"""

# The words of public fiches alone: a draft's words must not show in a correction. Words are locked in their order, so
# that two writers cannot wait for each other.
WORDS = """
CREATE FUNCTION public.compter_mots(ajoutes text[], retires text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.initiatives_mot AS m (mot, nombre)
    SELECT mot, sum(n)::integer FROM (
        SELECT mot, 1 AS n FROM unnest(ajoutes) AS mot UNION ALL SELECT mot, -1 FROM unnest(retires) AS mot) AS tous
    GROUP BY mot HAVING sum(n) <> 0 ORDER BY mot
    ON CONFLICT (mot) DO UPDATE SET nombre = m.nombre + EXCLUDED.nombre;
    DELETE FROM public.initiatives_mot WHERE nombre <= 0 AND mot = ANY (retires);
$$;
"""
WORDS_TRIGGER = """
CREATE FUNCTION public.mots_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.compter_mots({added}, {removed});
    RETURN NULL;
END
$$;
CREATE TRIGGER mots_{event} AFTER {event} ON public.initiatives_initiative {tables}
FOR EACH STATEMENT EXECUTE FUNCTION public.mots_{event}();
"""
ADDED = "ARRAY(SELECT unnest(mots) FROM nouvelles WHERE statut = 'publiee')"
REMOVED = "ARRAY(SELECT unnest(mots) FROM anciennes WHERE statut = 'publiee')"
NONE = "ARRAY[]::text[]"
NEW, OLD = "NEW TABLE AS nouvelles", "OLD TABLE AS anciennes"
TRIGGERS = (
    WORDS_TRIGGER.format(event="insert", added=ADDED, removed=NONE, tables=f"REFERENCING {NEW}")
    + WORDS_TRIGGER.format(event="update", added=ADDED, removed=REMOVED, tables=f"REFERENCING {OLD} {NEW}")
    + WORDS_TRIGGER.format(event="delete", added=NONE, removed=REMOVED, tables=f"REFERENCING {OLD}")
)
# What the lists know counts as content too: a process that keeps them in memory reads them again.
VERSION = "".join(
    f"""
CREATE TRIGGER version_donnees AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.initiatives_{table}
FOR EACH STATEMENT EXECUTE FUNCTION public.avancer_version_donnees();
"""
    for table in ("entreethesaurus", "lieu")
)
FILL = "UPDATE public.initiatives_initiative SET recherche = NULL;"
BACKWARD = """
DROP TRIGGER mots_insert ON public.initiatives_initiative;
DROP TRIGGER mots_update ON public.initiatives_initiative;
DROP TRIGGER mots_delete ON public.initiatives_initiative;
DROP FUNCTION public.mots_insert, public.mots_update, public.mots_delete;
DROP FUNCTION public.compter_mots;
DROP TRIGGER reindexer ON public.initiatives_organisme;
DROP TRIGGER reindexer_ajout ON public.initiatives_porteur;
DROP TRIGGER reindexer_retrait ON public.initiatives_porteur;
DROP TRIGGER reindexer_changement ON public.initiatives_porteur;
DROP TRIGGER indexer ON public.initiatives_initiative;
DROP FUNCTION public.reindexer_organisme, public.reindexer_lien, public.reindexer_porteurs;
DROP FUNCTION public.indexer_initiative, public.vecteur_de_recherche;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0002_version_and_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="EntreeThesaurus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="code")),
                (
                    "termes",
                    initiatives.models.fields.LinesField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Un mot ou une expression par ligne.",
                        size=None,
                        verbose_name="mots du public",
                    ),
                ),
                (
                    "vers",
                    initiatives.models.fields.LinesField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Un par ligne, présents dans une fiche.",
                        size=None,
                        verbose_name="mots des fiches",
                    ),
                ),
                ("deux_sens", models.BooleanField(default=False, verbose_name="dans les deux sens")),
                (
                    "langue",
                    models.CharField(
                        choices=[("fr", "français"), ("en", "anglais")],
                        default="fr",
                        max_length=2,
                        verbose_name="langue",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "entrée du thésaurus",
                "verbose_name_plural": "thésaurus",
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Lieu",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="code")),
                ("nom", models.CharField(max_length=100, verbose_name="nom")),
                (
                    "variantes",
                    initiatives.models.fields.LinesField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Un par ligne.",
                        size=None,
                        verbose_name="autres noms",
                    ),
                ),
            ],
            options={
                "verbose_name": "lieu",
                "verbose_name_plural": "lieux",
                "ordering": ["nom"],
            },
        ),
        migrations.CreateModel(
            name="Mot",
            fields=[
                ("mot", models.TextField(primary_key=True, serialize=False, verbose_name="mot")),
                ("nombre", models.IntegerField(verbose_name="nombre de fiches")),
            ],
            options={
                "verbose_name": "mot de la collection",
                "verbose_name_plural": "mots de la collection",
            },
        ),
        migrations.AddField(
            model_name="initiative",
            name="mots",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, editable=False, size=None, verbose_name="mots"
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="recherche",
            field=django.contrib.postgres.search.SearchVectorField(
                editable=False, null=True, verbose_name="vecteur de recherche"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["recherche"], name="initiative_recherche"),
        ),
        migrations.AddField(
            model_name="lieu",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lieux",
                to="initiatives.region",
                verbose_name="région",
            ),
        ),
        migrations.RunSQL(INDEX + WORDS + TRIGGERS + VERSION + FILL, BACKWARD),
    ]
