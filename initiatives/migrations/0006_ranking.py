"""Two functions of the search that read a fiche's vector once, where one expression a word would unpack it each time."""

from django.db import migrations

FORWARD = """
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
BACKWARD = "DROP FUNCTION public.poids_tenu, public.rang_du_texte;"


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0005_combinations")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
