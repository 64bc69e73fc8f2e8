"""The database's own rules: what it indexes, ranks and counts by itself, and the version of the data that it moves on.

All functions are written with their schemas, so that a dump restores anywhere.
"""

from django.db import migrations

from ._counting import counted_by

# What the search reads: words apart from hyphens, slashes and apostrophes, acronyms without their points.
TEXT = r"""
CREATE FUNCTION public.texte_cherchable(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(
    regexp_replace(coalesce($1, ''), '\m([[:alpha:]])\.(?=[[:alpha:]]\M)', '\1', 'g'),
    $$-–—/'’.#_«»"@$$, '               '
);

CREATE TEXT SEARCH CONFIGURATION public.sans_accents_fr (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION public.sans_accents_fr
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.french_stem;
"""

INDEX = """
CREATE FUNCTION public.vecteur_de_recherche(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.french'::regconfig, public.texte_cherchable($1))
    || to_tsvector('public.sans_accents_fr'::regconfig, public.texte_cherchable($1));

CREATE FUNCTION public.indexer_initiative() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    porteurs text := concat_ws(' ', NEW.porteur_mention, (
        SELECT string_agg(concat_ws(' ', o.nom, o.sigle, o.nom_court, array_to_string(o.variantes, ' ')), ' '
            ORDER BY p.rang, p.id)
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
DECLARE
    touchees integer[] := ARRAY(
        SELECT p.initiative_id FROM public.initiatives_porteur p
        JOIN nouvelles n ON n.id = p.organisme_id JOIN anciennes a ON a.id = n.id
        WHERE (a.nom, a.sigle, a.nom_court, a.variantes) IS DISTINCT FROM (n.nom, n.sigle, n.nom_court, n.variantes));
BEGIN
    -- In the order in which every writer of several fiches takes them: none waits for another who waits for it.
    PERFORM FROM public.initiatives_initiative WHERE numero = ANY(touchees) ORDER BY numero FOR NO KEY UPDATE;
    UPDATE public.initiatives_initiative SET recherche = NULL WHERE numero = ANY(touchees);
    RETURN NULL;
END
$$;
CREATE TRIGGER reindexer AFTER UPDATE ON public.initiatives_organisme
REFERENCING OLD TABLE AS anciennes NEW TABLE AS nouvelles
FOR EACH STATEMENT EXECUTE FUNCTION public.reindexer_organisme();
"""

# Two functions of the ranking (finding/search/sql.py) that read a fiche's vector once, where one expression a word would
# unpack it each time.
RANKING = """
-- The weights of the queries that the vector holds, or that a column says as well.
CREATE FUNCTION public.poids_tenu(vecteur tsvector, requetes tsquery[], poids float8[], colonnes boolean[])
RETURNS float8 LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    v tsvector := vecteur || ''::tsvector;
    total float8 := 0;
BEGIN
    FOR i IN 1 .. cardinality(requetes) LOOP
        IF colonnes[i] OR v @@ requetes[i] THEN
            total := total + poids[i];
        END IF;
    END LOOP;
    RETURN total;
END
$$;

-- For each concept the best of its queries, by their weight and where they stand; the sum by the concepts' rarity.
-- `planchers`: what a concept is worth before its words are looked for.
CREATE FUNCTION public.rang_du_texte(
    vecteur tsvector, concepts integer[], requetes tsquery[], poids float8[], raretes float8[], planchers float8[],
    endroits real[])
RETURNS float8 LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    v tsvector := vecteur || ''::tsvector;
    meilleurs float8[] := planchers;
    rang float8;
    total float8 := 0;
BEGIN
    FOR i IN 1 .. cardinality(requetes) LOOP
        -- ts_rank alone adds up the words of a phrase that is not there.
        IF v @@ requetes[i] THEN
            rang := poids[i] * ts_rank(endroits, v, requetes[i]);
            IF rang > meilleurs[concepts[i]] THEN
                meilleurs[concepts[i]] := rang;
            END IF;
        END IF;
    END LOOP;
    FOR i IN 1 .. cardinality(raretes) LOOP
        total := total + raretes[i] * meilleurs[i];
    END LOOP;
    RETURN total;
END
$$;
"""

# The porteurs of a fiche as an array of its own, for the facets.
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

# What is given to an organisation that was merged into another is given to that one, whoever gives it: a form opened
# before, a spreadsheet, a reload of the fixtures. Beside other writers, and never beside a merge: the one that waits reads
# what the merge wrote.
MERGED = """
CREATE FUNCTION public.suivre_fusion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.organisme_id IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(hashtext('repertoire.fusion'));
        NEW.organisme_id := coalesce(
            (SELECT fusionne_dans_id FROM public.initiatives_organisme WHERE id = NEW.organisme_id), NEW.organisme_id);
    END IF;
    RETURN NEW;
END
$$;
""" + "".join(
    f"""
CREATE TRIGGER suivre_fusion BEFORE INSERT OR UPDATE OF organisme_id ON public.initiatives_{table}
FOR EACH ROW EXECUTE FUNCTION public.suivre_fusion();
"""
    for table in ("porteur", "contact", "sondage")
)

# The needs that a fiche answers, as an array of its own: what a line of a need's rule says, what an editor added, less
# what an editor took out. A change of a rule touches the fiches whose needs it changes, in the order of all writers.
NEEDS = """
CREATE FUNCTION public.besoins_de(fiche public.initiatives_initiative) RETURNS varchar[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(b.slug ORDER BY b.slug), '{}') FROM public.initiatives_besoin b
    LEFT JOIN public.initiatives_exceptionbesoin e ON e.besoin_id = b.id AND e.initiative_id = fiche.numero
    WHERE CASE e.sens WHEN 'ajoutee' THEN true WHEN 'retiree' THEN false ELSE EXISTS (
        SELECT FROM public.initiatives_reglebesoin r
        WHERE r.besoin_id = b.id
        AND (r.modalites = '{}' OR fiche.modalite = ANY(r.modalites))
        AND (r.types = '{}' OR r.types && fiche.types)
        AND (r.clienteles = '{}' OR r.clienteles && fiche.clienteles)
        AND (r.lieux = '{}' OR fiche.lieu = ANY(r.lieux))
        AND (r.cibles = '{}' OR fiche.cible = ANY(r.cibles))
        AND (r.implications = '{}' OR r.implications && fiche.implications)
        AND (r.sexes = '{}' OR fiche.sexe = ANY(r.sexes))
        AND (r.langues = '{}' OR fiche.langue = ANY(r.langues))
    ) END
$$;
CREATE FUNCTION public.trouver_besoins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Beside other fiches, never beside a rule that changes: the one that waits reads what the other wrote.
    PERFORM pg_advisory_xact_lock_shared(hashtext('repertoire.besoins'));
    NEW.besoins := public.besoins_de(NEW);
    RETURN NEW;
END
$$;
CREATE TRIGGER trouver_besoins BEFORE INSERT OR UPDATE ON public.initiatives_initiative
FOR EACH ROW EXECUTE FUNCTION public.trouver_besoins();

CREATE FUNCTION public.retrouver_besoins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touchees integer[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('repertoire.besoins'));
    touchees := ARRAY(
        SELECT numero FROM public.initiatives_initiative i WHERE i.besoins IS DISTINCT FROM public.besoins_de(i));
    PERFORM FROM public.initiatives_initiative WHERE numero = ANY(touchees) ORDER BY numero FOR NO KEY UPDATE;
    UPDATE public.initiatives_initiative SET besoins = NULL WHERE numero = ANY(touchees);
    RETURN NULL;
END
$$;
""" + "".join(
    f"""
CREATE TRIGGER retrouver_besoins AFTER INSERT OR UPDATE OR DELETE ON public.initiatives_{table}
FOR EACH STATEMENT EXECUTE FUNCTION public.retrouver_besoins();
"""
    for table in ("besoin", "reglebesoin", "exceptionbesoin")
)

FACETS = (
    "region_id, types, clienteles, stade, implications, lieu, modalite, cible, sexe, age_min, age_max, tous_ages, "
    "porteurs_ids, besoins"
)

# Every table whose content a public page, a count, a file or the memory of a process shows. A save there moves the
# version on, and what core/versioned.py keeps under the version before is never asked for again.
TABLES = [
    *("initiative", "porteur", "correction", "organisme", "region", "region_voisines", "source", "contact"),
    *("ligneaide", "pointentree", "sondage", "entreethesaurus", "localite", "texte"),
    *("besoin", "besoin_lignes", "reglebesoin", "exceptionbesoin", "expression"),
]
VERSION = """
INSERT INTO public.initiatives_versiondonnees (numero, modifiee_le) VALUES (1, now());

CREATE FUNCTION public.avancer_version_donnees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.initiatives_a_compter (sens) VALUES (0);
    RETURN NULL;
END
$$;
""" + "".join(
    # PostgreSQL runs triggers in the order of their names: the version is noted after `noter_…`, and so counts for both.
    f"""
CREATE TRIGGER version_donnees AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.initiatives_{table}
FOR EACH STATEMENT EXECUTE FUNCTION public.avancer_version_donnees();
"""
    for table in TABLES
)

# The report's fiches are 1 to 152; numbers given from now on begin after them.
NUMBERS = "ALTER TABLE public.initiatives_initiative ALTER COLUMN numero RESTART WITH 153;"

# Who sent something in the last hour: in no write-ahead log, hence in no archive and on no replica.
FLEETING = "ALTER TABLE public.initiatives_passage SET UNLOGGED;"


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial")]

    operations = [
        migrations.RunSQL(rules)
        for rules in (TEXT, INDEX, RANKING, LINK, MERGED, NEEDS, counted_by(FACETS), VERSION, NUMBERS, FLEETING)
    ]
