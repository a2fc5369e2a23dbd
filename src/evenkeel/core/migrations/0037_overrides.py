from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0036_vip"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("given__has_key", "overrides")),
                fields=["-at", "-id"],
                name="entry_overrides",
            ),
        ),
    ]
