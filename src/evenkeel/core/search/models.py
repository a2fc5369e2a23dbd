"""What the search reads: made from records and comments, and made again at any time."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from evenkeel.core.records.entry import Audience
from evenkeel.core.records.record import Record


class SearchRow(models.Model):
    """The words of one record as one audience reads them.

    The public row holds what everybody who sees the record can read. A record with internal words
    has a second row that holds the public and the internal ones together, so that a search for
    two words finds a record where one stands in the title and the other in a note.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="search_rows", db_index=False)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    # In which stretches of records it lies, short ones and long ones (see eras.py).
    eras = ArrayField(models.IntegerField())
    text = models.TextField()  # all but the title, for headlines
    words = SearchVectorField()

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "audience"], name="one_search_row"),
        ]
        indexes: ClassVar = [
            # What is new waits in a short list that every search reads: keep it short (in kB).
            GinIndex(fields=["words", "eras"], name="search_words", gin_pending_list_limit=512),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.audience}"


class FreshRow(models.Model):
    """A search row whose words are still to be learned."""

    row = models.ForeignKey(SearchRow, models.CASCADE, related_name="+")

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return str(self.row_id)


class SearchWord(models.Model):
    """A word that stands in some record: what beginnings and misspelt words are compared with.

    Who may read it is not kept, so it is only ever compared with, never shown.
    """

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        app_label = "core"
        indexes: ClassVar = [
            GinIndex(OpClass("word", "gin_trgm_ops"), name="search_word_trigrams"),
        ]

    def __str__(self) -> str:
        return self.word
