"""The database's own rules: what it indexes, ranks and counts by itself, and the version of the data that it moves on.

All functions are written with their schemas, so that a dump restores anywhere.
"""

from django.db import migrations

from ._changes import CHANGES
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

-- A change of an organisation's names touches its fiches, and the trigger above does the rest.
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


# What a line of a rule asks of a fiche: one of the codes of each column that is filled in, and none of those to be
# without. `one`: the columns of a fiche that hold one code.
def fits(having: dict[str, str], without: dict[str, str], one: tuple[str, ...]) -> str:
    tests = [
        f"(r.{theirs} = '{{}}' OR "
        + (f"fiche.{own} = ANY(r.{theirs}))" if own in one else f"r.{theirs} && fiche.{own})")
        for theirs, own in having.items()
    ]
    return " AND ".join(tests + [f"NOT r.{theirs} && fiche.{own}" for theirs, own in without.items()])


ONE_CODE = ("modalite", "lieu", "cible", "sexe", "langue")
COMMON = {"types": "types", "clienteles": "clienteles", "implications": "implications", "sexes": "sexe"}
COMMON |= {"modalites": "modalite", "cibles": "cible"}
NEED = fits(COMMON | {"lieux": "lieu", "langues": "langue"}, {}, ONE_CODE)
STRATEGY = fits(COMMON, {f"sans_{name}": name for name in ("types", "clienteles", "implications")}, ONE_CODE)

# The needs that a fiche answers, as an array of its own: what a line of a need's rule says, what an editor added, less
# what an editor took out.
NEEDS = f"""
CREATE FUNCTION public.besoins_de(fiche public.initiatives_initiative) RETURNS varchar[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(b.slug ORDER BY b.slug), '{{}}') FROM public.initiatives_besoin b
    LEFT JOIN public.initiatives_exceptionbesoin e ON e.besoin_id = b.id AND e.initiative_id = fiche.numero
    WHERE CASE e.sens WHEN 'ajoutee' THEN true WHEN 'retiree' THEN false ELSE EXISTS (
        SELECT FROM public.initiatives_reglebesoin r WHERE r.besoin_id = b.id AND {NEED}
    ) END
$$;
"""

# The strategies of a fiche, the main one, and who says each: what editors decided; else the lines of the rule, in their
# order, up to one that is enough. The report says those under which its body names the fiche, surely or probably.
STRATEGIES = f"""
CREATE FUNCTION public.classer(
    fiche public.initiatives_initiative,
    OUT strategies varchar[], OUT strategie varchar, OUT provenances varchar[])
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET plan_cache_mode = force_generic_plan  -- its statements are the same for every fiche: planned again they cost five times
AS $$
DECLARE
    ligne record;
BEGIN
    SELECT c.strategies, c.strategie INTO strategies, strategie FROM public.initiatives_classement c
    WHERE c.initiative_id = fiche.numero AND c.strategie <> '';
    IF FOUND THEN
        provenances := array_fill('edition'::varchar, ARRAY[cardinality(strategies)]);
        RETURN;
    END IF;
    strategies := '{{}}';
    strategie := '';
    FOR ligne IN
        SELECT r.strategie AS code, r.principale, r.derniere FROM public.initiatives_reglestrategie r
        WHERE {STRATEGY} ORDER BY r.ordre, r.id
    LOOP
        IF ligne.code <> ALL(strategies) THEN
            strategies := strategies || ligne.code;
        END IF;
        IF ligne.principale AND strategie = '' THEN
            strategie := ligne.code;
        END IF;
        EXIT WHEN ligne.derniere;
    END LOOP;
    SELECT coalesce(array_agg(s.code ORDER BY s.place), '{{}}'), coalesce(array_agg(s.dit ORDER BY s.place), '{{}}')
    INTO strategies, provenances FROM (
        SELECT code, array_position(ARRAY['demande', 'offre', 'filet']::varchar[], code) AS place,
            CASE WHEN EXISTS (
                SELECT FROM public.initiatives_citation_fiches f
                JOIN public.initiatives_citation c ON c.id = f.citation_id
                WHERE f.initiative_id = fiche.numero AND c.strategie = code AND c.role = 'directe'
                AND c.certitude IN ('sure', 'probable')
            ) THEN 'rapport'::varchar ELSE 'regle'::varchar END AS dit
        FROM unnest(strategies) AS code
    ) AS s;
END
$$;
"""

# Whom a fiche is for, read strictly in its columns; and what its words alone say that it serves.
STRICTLY = """
CREATE FUNCTION public.pour_qui_de(fiche public.initiatives_initiative) RETURNS varchar[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN fiche.sexe = 'masculin' THEN 'garcons-seulement' END,
        CASE WHEN fiche.sexe = 'feminin' THEN 'filles-seulement' END,
        CASE WHEN fiche.implications = '{victime}' THEN 'victimes-seulement' END,
        CASE WHEN fiche.implications = '{proxenete}' THEN 'proxenetes-seulement' END,
        CASE WHEN fiche.clienteles = '{jeunes}' THEN 'jeunes-seulement' END,
        CASE WHEN fiche.clienteles = '{jeunes}' AND fiche.implications = '{victime}'
            AND (fiche.tous_ages OR coalesce(fiche.age_min, least(fiche.age_max, 0)) < 18)
            THEN 'mineurs-victimes-seulement' END,
        CASE WHEN least(fiche.age_min, fiche.age_max) < 12 THEN 'moins-de-12-imprime' END,
        CASE WHEN fiche.age_max <= 12 THEN 'enfants-seulement' END,
        CASE WHEN fiche.age_min = 12 AND fiche.age_max = 25 THEN '12-25-imprime' END,
        CASE WHEN fiche.age_min >= 12 AND fiche.age_max <= 25 THEN 'dans-12-25' END,
        CASE WHEN fiche.clienteles = '{}' THEN 'personne-nommee' END,
        CASE WHEN fiche.tous_ages THEN 'tous-les-ages' END
    ]::varchar[], NULL)
$$;
CREATE FUNCTION public.mentions_de(fiche public.initiatives_initiative) RETURNS varchar[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(l.theme ORDER BY l.theme), '{}') FROM public.initiatives_lecture l
    WHERE l.initiative_id = fiche.numero AND l.portee = 'servie'
$$;
"""

# The headings under which the body of the report names a fiche, as surely as for its strategies.
HEADINGS = """
CREATE FUNCTION public.rubriques_de(fiche public.initiatives_initiative) RETURNS varchar[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT c.sous_rubrique ORDER BY c.sous_rubrique), '{}')
    FROM public.initiatives_citation_fiches f JOIN public.initiatives_citation c ON c.id = f.citation_id
    WHERE f.initiative_id = fiche.numero AND c.role = 'directe' AND c.certitude IN ('sure', 'probable')
$$;
"""

# All that a fiche keeps of what is said elsewhere, written anew at each of its writes; and what else makes it so.
KEPT = """
CREATE FUNCTION public.deduire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Beside other fiches, never beside a rule that changes: the one that waits reads what the other wrote.
    PERFORM pg_advisory_xact_lock_shared(hashtext('repertoire.regles'));
    NEW.besoins := public.besoins_de(NEW);
    SELECT * INTO NEW.strategies, NEW.strategie, NEW.provenances FROM public.classer(NEW);
    NEW.pour_qui := public.pour_qui_de(NEW);
    NEW.mentions := public.mentions_de(NEW);
    NEW.rubriques := public.rubriques_de(NEW);
    RETURN NEW;
END
$$;
CREATE TRIGGER deduire BEFORE INSERT OR UPDATE ON public.initiatives_initiative
FOR EACH ROW EXECUTE FUNCTION public.deduire();

-- What hangs on a fiche touches it, and the triggers of the fiche do the rest.
CREATE FUNCTION public.toucher_fiches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.initiatives_initiative SET recherche = NULL
    WHERE numero IN (SELECT initiative_id FROM changees);
    RETURN NULL;
END
$$;
CREATE FUNCTION public.toucher_les_deux() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.initiatives_initiative SET recherche = NULL
    WHERE numero IN (SELECT initiative_id FROM anciennes UNION SELECT initiative_id FROM nouvelles);
    RETURN NULL;
END
$$;
""" + "".join(
    f"""
CREATE TRIGGER toucher_ajout AFTER INSERT ON public.initiatives_{table} REFERENCING NEW TABLE AS changees
FOR EACH STATEMENT EXECUTE FUNCTION public.toucher_fiches();
CREATE TRIGGER toucher_retrait AFTER DELETE ON public.initiatives_{table} REFERENCING OLD TABLE AS changees
FOR EACH STATEMENT EXECUTE FUNCTION public.toucher_fiches();
CREATE TRIGGER toucher_changement AFTER UPDATE ON public.initiatives_{table}
REFERENCING OLD TABLE AS anciennes NEW TABLE AS nouvelles
FOR EACH STATEMENT EXECUTE FUNCTION public.toucher_les_deux();
"""
    for table in ("porteur", "classement", "lecture", "citation_fiches")
)

# A change of a rule touches the fiches of which it changes what they keep, in the order of all writers.
RULES = {
    "besoins": (
        "i.besoins IS DISTINCT FROM public.besoins_de(i)",
        ("besoin", "reglebesoin", "exceptionbesoin"),
    ),
    "strategies": (
        "(i.strategies, i.strategie, i.provenances) IS DISTINCT FROM (SELECT k FROM public.classer(i) AS k)"
        " OR i.rubriques IS DISTINCT FROM public.rubriques_de(i)",
        ("reglestrategie", "citation"),
    ),
}
CHANGED = "".join(
    f"""
CREATE FUNCTION public.redire_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touchees integer[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('repertoire.regles'));
    touchees := ARRAY(SELECT numero FROM public.initiatives_initiative i WHERE {differs});
    PERFORM FROM public.initiatives_initiative WHERE numero = ANY(touchees) ORDER BY numero FOR NO KEY UPDATE;
    UPDATE public.initiatives_initiative SET recherche = NULL WHERE numero = ANY(touchees);
    RETURN NULL;
END
$$;
"""
    + "".join(
        f"""
CREATE TRIGGER redire_{name} AFTER INSERT OR UPDATE OR DELETE ON public.initiatives_{table}
FOR EACH STATEMENT EXECUTE FUNCTION public.redire_{name}();
"""
        for table in tables
    )
    for name, (differs, tables) in RULES.items()
)

FACETS = (
    "region_id, types, clienteles, stade, implications, lieu, modalite, cible, sexe, age_min, age_max, tous_ages, "
    "porteurs_ids, besoins, strategies, strategie, pour_qui, mentions, rubriques"
)

# Every table whose content a public page, a count, a file or the memory of a process shows. A save there moves the
# version on, and what core/versioned.py keeps under the version before is never asked for again.
TABLES = [
    *("initiative", "porteur", "correction", "organisme", "region", "region_voisines", "source", "contact"),
    *("ligneaide", "pointentree", "sondage", "entreethesaurus", "localite", "texte"),
    *("besoin", "besoin_lignes", "reglebesoin", "exceptionbesoin", "expression"),
    *("reglestrategie", "classement", "lecture", "citation", "citation_fiches"),
    *("ressource", "ressource_fiches"),
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
        for rules in (
            *(TEXT, INDEX, RANKING, LINK, MERGED, NEEDS, STRATEGIES, STRICTLY, HEADINGS, KEPT, CHANGED),
            *(counted_by(FACETS), VERSION, CHANGES, NUMBERS, FLEETING),
        )
    ]
