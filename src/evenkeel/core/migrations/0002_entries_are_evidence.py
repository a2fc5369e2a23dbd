"""Entries can be added and read, nothing else; the database itself sees to that."""

from django.db import migrations

GUARD = """
CREATE FUNCTION core_entry_is_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Entries are evidence; they are never changed or deleted.';
END $$;
CREATE TRIGGER entry_is_evidence BEFORE UPDATE OR DELETE ON core_entry
    FOR EACH ROW EXECUTE FUNCTION core_entry_is_evidence();
CREATE TRIGGER entries_are_evidence BEFORE TRUNCATE ON core_entry
    FOR EACH STATEMENT EXECUTE FUNCTION core_entry_is_evidence();
"""
OPEN = """
DROP TRIGGER entries_are_evidence ON core_entry;
DROP TRIGGER entry_is_evidence ON core_entry;
DROP FUNCTION core_entry_is_evidence();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, OPEN)]
