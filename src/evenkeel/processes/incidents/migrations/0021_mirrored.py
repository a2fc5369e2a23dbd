from django.db import migrations, models


def _fields(model):
    texts = (
        ("outside_system", 40, "external system"),
        ("outside_number", 120, "external ticket"),
        ("outside_state", 80, "state there"),
    )
    for name, length, words in texts:
        field = models.CharField(
            blank=True, default="", editable=False, max_length=length, verbose_name=words
        )
        yield migrations.AddField(model, name, field, preserve_default=False)
    moment = models.DateTimeField(
        blank=True, editable=False, null=True, verbose_name="so there since"
    )
    yield migrations.AddField(model, "outside_at", moment)


def _indexes(model, kind):
    for field, name in (("outside_number", "by_ticket"), ("outside_system", "by_system")):
        index = models.Index(
            condition=models.Q((field, ""), _negated=True), fields=[field], name=f"{kind}_{name}"
        )
        yield migrations.AddIndex(model, index)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0020_waiting_for_suppliers"),
    ]

    operations = [
        *_fields("incident"),
        *_fields("servicerequest"),
        *_indexes("incident", "incident"),
        *_indexes("servicerequest", "service_request"),
    ]
