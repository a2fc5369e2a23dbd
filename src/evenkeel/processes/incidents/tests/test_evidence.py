"""What was taken away or written around the actions shows: checkpoints, bypasses, the export."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from evenkeel.core.directory.models import Role
from evenkeel.core.people import trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import Kind, Visitor
from evenkeel.core.records import bypasses, checkpoints, evidence, sealing
from evenkeel.core.records.checkpoints import Checkpoint
from evenkeel.core.records.entry import Entry
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    sms = User.objects.the_sms()
    made: Incident = registry["incidents.record"](Incident(title="Mail is slow"), by=sms)
    for _ in range(2):
        registry["incidents.edit"](made, by=_editor(made), title=f"{made.title}er")
    return Incident.objects.get(pk=made.pk)


def _editor(incident: Incident) -> User:
    found = User.objects.filter(username="edith").first() or User.objects.create_user("edith")
    role = Role.objects.get(role_type="process_manager", context="ISRM")
    if not found.rights.roles:
        registry["roles.assign"](role, by=User.objects.the_sms(), person=found)
    return User.objects.get(pk=found.pk)


def sealed() -> None:
    checkpoints.seal(Entry.objects.latest("pk").pk)


def sql(*statements: str) -> None:
    """As somebody does who owns the database: without the guards."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


def cut(incident: Incident) -> None:
    """Take the last entry away and put the chain back, so that it holds by itself."""
    sql(
        f"DELETE FROM core_entry WHERE record_id = {incident.pk} AND position = 3",
        f"UPDATE core_record SET chain_length = 2, chain_head = (SELECT hash FROM core_entry"
        f" WHERE record_id = {incident.pk} AND position = 2) WHERE id = {incident.pk}",
    )


class TestACheckpoint:
    def test_finds_nothing_where_nothing_is_missing(self, incident: Incident) -> None:
        trail.append(Kind.SIGNED_IN, Visitor(None, ""))
        sealed()
        registry["incidents.edit"](incident, by=_editor(incident), title="Slow")
        assert list(checkpoints.broken()) == []

    def test_names_a_chain_whose_end_was_cut_off(self, incident: Incident) -> None:
        sealed()
        cut(incident)
        assert list(sealing.broken()) == []  # by itself it holds
        (fault,) = checkpoints.broken()
        assert fault.startswith(f"{incident.number}: entry 3 is missing; checkpoint 1 of ")

    def test_names_a_record_that_is_gone(self, incident: Incident) -> None:
        sealed()
        sql(
            f"DELETE FROM core_entry WHERE record_id = {incident.pk}",
            f"DELETE FROM incidents_incident WHERE record_ptr_id = {incident.pk}",
            f"DELETE FROM core_record WHERE id = {incident.pk}",
        )
        assert list(sealing.broken()) == []
        (fault,) = checkpoints.broken()
        assert f"{incident.number}: the record is missing with its entries up to 3" in fault

    def test_names_a_chain_that_was_written_anew(self, incident: Incident) -> None:
        sealed()
        cut(incident)
        again = Incident.objects.get(pk=incident.pk)
        registry["incidents.edit"](again, by=_editor(again), title="Nothing happened")
        assert list(sealing.broken()) == []
        (fault,) = checkpoints.broken()
        assert f"{incident.number}: entry 3 is another one" in fault

    def test_names_the_door_whose_end_was_cut_off(self, incident: Incident) -> None:
        for _ in range(2):
            trail.append(Kind.FAILED, Visitor("192.0.2.1", ""))
        sealed()
        sql("DELETE FROM core_accessentry WHERE position = 2")
        assert list(trail.broken()) == []
        (fault,) = checkpoints.broken()
        assert fault.startswith("The door: entry 2 is missing; checkpoint 1")

    def test_that_was_changed_is_named(self, incident: Incident) -> None:
        sealed()
        sql("UPDATE core_checkpoint SET up_to = up_to - 1")
        assert list(checkpoints.broken()) == ["Checkpoint 1 is missing or not as it was written."]

    def test_is_missed_by_whoever_noted_its_hash(self, incident: Incident) -> None:
        sealed()
        last = checkpoints.newest()
        assert last
        noted = bytes(last.hash).hex()
        assert checkpoints.is_known(noted)
        sql("DELETE FROM core_checkpoint")
        assert not checkpoints.is_known(noted)
        assert not checkpoints.is_known("no hash")

    def test_covers_only_what_is_new(self, incident: Incident) -> None:
        sealed()
        assert checkpoints.seal(Entry.objects.latest("pk").pk) == 0
        registry["incidents.edit"](incident, by=_editor(incident), title="Slow")
        sealed()
        last = Checkpoint.objects.latest("position")
        assert [line.number for line in last.lines()] == [incident.number]

    def test_is_small_however_much_there_is(self, incident: Incident, monkeypatch: Any) -> None:
        monkeypatch.setattr(checkpoints, "MOST", 2)
        entries = Entry.objects.count()
        sealed()
        assert Checkpoint.objects.count() == (entries + 1) // 2
        assert list(checkpoints.broken()) == []
        cut(incident)
        assert len(list(checkpoints.broken())) == 1

    def test_waits_for_those_who_still_write(self) -> None:
        other = connection.copy()
        try:
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            assert checkpoints.settled(timedelta(0)) is None
            other.rollback()
            assert checkpoints.settled(timedelta(seconds=20)) is not None
        finally:
            other.close()

    def test_cannot_be_changed(self, incident: Incident) -> None:
        sealed()
        with pytest.raises(ProgrammingError, match="evidence"):
            Checkpoint.objects.update(door=7)


class TestABypass:
    def test_is_not_seen_in_what_actions_do(self, incident: Incident) -> None:
        assert list(bypasses.told()) == []

    def test_is_told_with_what_it_wrote(self, incident: Incident) -> None:
        Incident.objects.filter(pk=incident.pk).update(title="Nothing", priority=4)
        (fault,) = bypasses.told()
        assert fault.startswith(f"{incident.number}: priority, title written around the actions")

    def test_is_told_of_a_record_that_was_deleted(self, incident: Incident) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_record SELECT (copied).* FROM (SELECT jsonb_populate_record("
                " NULL::core_record,"
                ' to_jsonb(record) || \'{"id": -1, "number": "INC-0"}\') AS copied'
                " FROM core_record AS record WHERE id = %s) AS made",
                [incident.pk],
            )
            cursor.execute("DELETE FROM core_record WHERE id = -1")
        (fault,) = bypasses.told()
        assert fault.startswith("INC-0: the record was deleted around the actions")


class TestAnExport:
    @pytest.fixture
    def exported(self, incident: Incident) -> list[bytes]:
        for _ in range(3):
            trail.append(Kind.FAILED, Visitor("192.0.2.1", "curl"), person=User.objects.the_sms())
        sealed()
        return list(evidence.lines())

    def test_holds_by_itself(self, exported: list[bytes], django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):  # so it needs no database
            assert list(evidence.faults(exported)) == []

    def test_shows_every_byte_that_was_changed(
        self, exported: list[bytes], incident: Incident
    ) -> None:
        for place in self.places(exported, incident):
            forged = [*exported]
            forged[place] = forged[place].replace(b"1", b"2", 1).replace(b"a", b"b", 1)
            assert forged[place] != exported[place]
            assert list(evidence.faults(forged)) != []

    def test_shows_every_line_that_was_left_out(
        self, exported: list[bytes], incident: Incident
    ) -> None:
        for place in self.places(exported, incident):
            left = exported[:place] + exported[place + 1 :]
            assert list(evidence.faults(left)) != [], exported[place]

    def test_says_when_it_is_none(self) -> None:
        assert list(evidence.faults([])) == ["The file is empty."]
        assert list(evidence.faults([b"nothing\n"])) == ["Line 1 is no evidence."]

    def places(self, exported: list[bytes], incident: Incident) -> Iterator[int]:
        """The lines of the incident and of the door."""
        ours = (f'["entry","{incident.number}"'.encode(), b'["door"')
        yield from (n for n, line in enumerate(exported) if line.startswith(ours))
