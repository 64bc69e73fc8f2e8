"""Expands: a column with a default, which the code of before neither reads nor writes."""

from pathlib import Path

from django.db import migrations

import initiatives.migrations

LAST = max(path.stem for path in Path(initiatives.migrations.__path__[0]).glob("[0-9]*.py"))


class Migration(migrations.Migration):
    dependencies = [("initiatives", LAST)]
    operations = [
        migrations.RunSQL("ALTER TABLE public.initiatives_initiative ADD COLUMN plus_tard text NOT NULL DEFAULT ''")
    ]
