import django.db.models.deletion
from django.db import migrations, models

# What has to go may be taken out of an entry, and only by a transaction that says it does that; who
# did it may be forgotten, and nothing else of it may change. What the door wrote down may go from
# its beginning. Both leave a chain that does not hold unless an entry says what was done.
ALLOW = """
CREATE FUNCTION core_entry_is_redacted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('evenkeel.redacting', true) = 'on'
       AND (NEW.id, NEW.record_id, NEW.position, NEW.verb, NEW.at, NEW.written_at, NEW.via,
            NEW.audience, NEW.hash)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.record_id, OLD.position, OLD.verb, OLD.at, OLD.written_at, OLD.via,
            OLD.audience, OLD.hash)
       AND (NEW.actor_id IS NULL OR NEW.actor_id = OLD.actor_id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Entries are evidence; they are never changed or deleted.';
END $$;
CREATE FUNCTION core_access_is_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('evenkeel.redacting', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Entries are evidence; they are never changed or deleted.';
END $$;
DROP TRIGGER entry_is_evidence ON core_entry;
CREATE TRIGGER entry_is_evidence BEFORE UPDATE OR DELETE ON core_entry
    FOR EACH ROW EXECUTE FUNCTION core_entry_is_redacted();
DROP TRIGGER access_is_evidence ON core_accessentry;
CREATE TRIGGER access_is_evidence BEFORE UPDATE OR DELETE ON core_accessentry
    FOR EACH ROW EXECUTE FUNCTION core_access_is_forgotten();
"""
FORBID = """
DROP TRIGGER entry_is_evidence ON core_entry;
CREATE TRIGGER entry_is_evidence BEFORE UPDATE OR DELETE ON core_entry
    FOR EACH ROW EXECUTE FUNCTION core_entry_is_evidence();
DROP TRIGGER access_is_evidence ON core_accessentry;
CREATE TRIGGER access_is_evidence BEFORE UPDATE OR DELETE ON core_accessentry
    FOR EACH ROW EXECUTE FUNCTION core_entry_is_evidence();
DROP FUNCTION core_entry_is_redacted();
DROP FUNCTION core_access_is_forgotten();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0038_texts_of_files"),
    ]

    operations = [
        migrations.AlterField(
            model_name="role",
            name="role_type",
            field=models.CharField(
                choices=[
                    ("sms_owner", "SMS owner"),
                    ("sms_manager", "SMS manager"),
                    ("process_owner", "Process owner"),
                    ("process_manager", "Process manager"),
                    ("case_owner", "Case owner"),
                    ("process_staff", "Member of process staff"),
                    ("service_owner", "Service owner"),
                    ("auditor", "Auditor"),
                    ("privacy", "Data protection officer"),
                    ("other", "Other role"),
                ],
                editable=False,
                max_length=20,
                verbose_name="type of role",
            ),
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "texts",
                    models.CharField(
                        choices=[
                            ("names", "Take out name and addresses, keep the rest of every text"),
                            ("written", "Take out also what they wrote and attached"),
                        ],
                        max_length=8,
                    ),
                ),
                ("names", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("found", models.JSONField(default=dict)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.person",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "erasures",
            },
        ),
        migrations.RunSQL(ALLOW, FORBID),
    ]
