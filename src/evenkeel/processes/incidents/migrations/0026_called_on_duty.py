from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0025_acknowledged"),
        ("core", "0048_on_call_rotas"),
    ]

    operations = [
        migrations.AddField(
            model_name=kind,
            name=name,
            field=field,
        )
        for kind in ("incident", "servicerequest")
        for name, field in (
            ("called_layer", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("called_since", models.DateTimeField(editable=False, null=True)),
        )
    ]
