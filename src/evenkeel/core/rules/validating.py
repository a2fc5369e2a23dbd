"""Is what a verb made of a record sound?"""

from django.core.exceptions import ValidationError

from evenkeel.core.records.record import Record
from evenkeel.core.rules.inputs import Invalid


def validate(record: Record, columns: list[str]) -> None:
    """Check what changed, field by field; the database checks that references exist."""
    moved = set(columns)
    skip = {f.name for f in record._meta.fields if f.is_relation or f.attname not in moved}
    try:
        record.clean_fields(exclude=skip | {"number", "of_kind"})
        record.clean()
    except ValidationError as refused:
        found = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
        raise Invalid({"" if k == "__all__" else k: v for k, v in found.items()}) from refused


def is_set(record: Record, name: str) -> bool:
    """Has it a value?"""
    value = getattr(record, record._meta.get_field(name).attname)  # type: ignore[union-attr]
    return value is not None and value != ""
