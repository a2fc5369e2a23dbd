"""Services: a way to bring value to customers through results that they want (FitSM-0)."""

from django.db import models

from evenkeel.core.records.record import Record


class Service(Record):
    """Something that brings value to customers by results that they want to reach (FitSM-0)."""

    collection = "services"
    prefix = "SRV"

    # `Record` has a column of this name, so the way down to the kind gets none.
    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    value = models.TextField("value to the customer", blank=True)

    class Meta:
        verbose_name = "service"
