import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0037_overrides"),
    ]

    operations = [
        migrations.AddField(
            model_name="content",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="content",
            name="unread",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddIndex(
            model_name="content",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["stored_at"],
                name="content_to_read",
            ),
        ),
        migrations.CreateModel(
            name="FileText",
            fields=[
                (
                    "content",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="core.content",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
    ]
