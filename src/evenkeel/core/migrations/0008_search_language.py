"""How text becomes words: without accents, by English stems; signs part words."""

from django.db import ProgrammingError, migrations, transaction

from evenkeel.core.database import DatabaseUnavailable

EXTENSIONS = ("pg_trgm", "unaccent")

LANGUAGE = """
CREATE TEXT SEARCH CONFIGURATION evenkeel (COPY = english);
ALTER TEXT SEARCH CONFIGURATION evenkeel
    ALTER MAPPING FOR word WITH unaccent, english_stem;
ALTER TEXT SEARCH CONFIGURATION evenkeel
    ALTER MAPPING FOR numword WITH unaccent, simple;

-- Host names, addresses, paths and numbers of records are found by their parts as well as whole.
CREATE FUNCTION core_without_signs(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace($1, '[-_./:@\\\\+=#&%~<>]', ' ', 'g');
"""
BACK = """
DROP FUNCTION core_without_signs(text);
DROP TEXT SEARCH CONFIGURATION evenkeel;
"""


def install(apps, schema_editor):
    """Both extensions are trusted: the owner of a database may install them."""
    with schema_editor.connection.cursor() as cursor:
        for name in EXTENSIONS:
            try:
                with transaction.atomic(schema_editor.connection.alias):
                    cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
            except ProgrammingError as refused:
                raise DatabaseUnavailable(
                    f"The database needs the extension {name}, and this account may not install"
                    f" it; let an administrator run: CREATE EXTENSION {name}; ({refused})"
                ) from refused


class Migration(migrations.Migration):
    dependencies = [("core", "0007_submissions")]

    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
        migrations.RunSQL(LANGUAGE, BACK),
    ]
