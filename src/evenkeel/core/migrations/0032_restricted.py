from django.db import migrations, models

# The watch over writes around the actions sees this column, too.
_WATCH = """
DROP TRIGGER record_is_bypassed ON core_record;
CREATE TRIGGER record_is_bypassed AFTER UPDATE ON core_record FOR EACH ROW
    WHEN (OLD.chain_length = NEW.chain_length AND OLD.chain_head = NEW.chain_head
          AND (OLD.number, OLD.of_kind, OLD.title, OLD.state, OLD.is_open, OLD.priority,
               OLD.requester_id, OLD.organisation_id, OLD.service_id, OLD.team_id,
               OLD.case_owner_id, OLD.recorded_at, OLD.closed_at{old})
          IS DISTINCT FROM
              (NEW.number, NEW.of_kind, NEW.title, NEW.state, NEW.is_open, NEW.priority,
               NEW.requester_id, NEW.organisation_id, NEW.service_id, NEW.team_id,
               NEW.case_owner_id, NEW.recorded_at, NEW.closed_at{new}))
    EXECUTE FUNCTION core_note_bypass();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0031_the_board"),
    ]

    operations = [
        migrations.AddField(
            model_name="record",
            name="is_restricted",
            field=models.BooleanField(default=False, editable=False, verbose_name="restricted"),
        ),
        migrations.RunSQL(
            _WATCH.format(old=", OLD.is_restricted", new=", NEW.is_restricted"),
            _WATCH.format(old="", new=""),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("is_restricted", True)),
                fields=["of_kind", "case_owner", "requester", "id"],
                name="record_restricted",
            ),
        ),
        migrations.AlterField(
            model_name="accessentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("failed", "Attempt failed"),
                    ("refused", "Attempt refused"),
                    ("signed_out", "Signed out"),
                    ("ended", "Sessions ended"),
                    ("password", "Password chosen"),
                    ("link", "Link sent"),
                    ("second", "Second proof"),
                    ("exported", "List exported"),
                    ("token", "Token used"),
                    ("job", "Job"),
                    ("read", "Restricted read"),
                ],
                max_length=10,
            ),
        ),
    ]
