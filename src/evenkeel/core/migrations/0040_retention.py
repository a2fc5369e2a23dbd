import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0039_personal_data"),
    ]

    operations = [
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
                    ("forgotten", "Old entries removed"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Anonymised",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="core.record",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
