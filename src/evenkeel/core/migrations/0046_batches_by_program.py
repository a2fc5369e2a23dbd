from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0045_countries_by_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="via",
            field=models.CharField(
                choices=[
                    ("page", "Page"),
                    ("rest", "REST"),
                    ("command", "Command"),
                    ("job", "Job"),
                    ("import", "Import"),
                    ("demo", "Demo"),
                    ("code", "Code"),
                ],
                default="page",
                max_length=10,
            ),
        ),
    ]
