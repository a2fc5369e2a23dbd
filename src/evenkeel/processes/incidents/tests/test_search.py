"""What the search finds in incidents, and what it keeps to itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.people.models import RoleAssignment, User
from evenkeel.core.records import bulk
from evenkeel.core.records.models import Record
from evenkeel.core.rules import registry
from evenkeel.core.search import find, indexing, learning, rebuilding, suggest
from evenkeel.core.search.models import SearchRow
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db


def recorded(by: User, title: str, **fields: Any) -> Incident:
    made: Incident = registry["incidents.record"](Incident(), by=by, title=title, **fields)
    return made


def numbers(user: User, text: str, **options: Any) -> list[str]:
    return [hit.record.number for hit in find(user, text, **options).hits]


def exact(user: User, text: str) -> list[str]:
    return [hit.record.number for hit in find(user, text).hits if not hit.is_near]


def marked(user: User, text: str) -> list[str]:
    hits = find(user, text).hits
    return [piece for hit in hits for piece, is_marked in hit.title + hit.headline if is_marked]


def walked(user: User, text: str, *, limit: int) -> list[str]:
    """The numbers on all pages, in their order."""
    page = find(user, text, limit=limit)
    seen = [hit.record.number for hit in page.hits]
    while page.more:
        page = find(user, text, limit=limit, after=page.after)
        seen += [hit.record.number for hit in page.hits]
    return seen


class TestSearch:
    def test_finds_a_word_in_title_description_and_comment(self, rita: User) -> None:
        recorded(rita, "Printer is dark")
        recorded(rita, "Paper", description="The printer eats it.")
        registry["incidents.comment"](recorded(rita, "Toner"), by=rita, text="Of which printer?")
        assert sorted(numbers(rita, "printer")) == ["INC-1", "INC-2", "INC-3"]

    def test_finds_what_an_edit_and_a_solution_say_and_not_what_they_replaced(
        self, rita: User, sam: User
    ) -> None:
        incident = recorded(rita, "Printer is dark")
        registry["incidents.edit"](incident, by=sam, title="Scanner is dark")
        registry["incidents.classify"](incident, by=sam, category="Mail")
        registry["incidents.resolve"](incident, by=sam, solution="Changed the lamp")
        assert numbers(rita, "printer") == []
        assert numbers(rita, "scanner lamp") == ["INC-1"]

    def test_finds_words_that_stand_in_different_places_of_a_record(self, rita: User) -> None:
        incident = recorded(rita, "Transfer stops", description="Half way")
        registry["incidents.comment"](incident, by=rita, text="The gateway says timeout.")
        assert numbers(rita, "transfer half gateway") == ["INC-1"]

    @pytest.mark.parametrize(
        ("written", "asked"),
        [
            ("Transfers stop", "transfer"),
            ("Transfer stops", "transferring stopped"),
            ("Ärger mit Größe", "arger grosse"),
            ("Arger", "Ärger"),
            ("GATEWAY", "gateway"),
            ("gridftp-02.aurelia.example answers", "gridftp"),
            ("gridftp-02.aurelia.example answers", "gridftp-02"),
            ("Write to help@aurelia.example", "help@aurelia.example"),
            ("10.0.3.17 is down", "10.0.3.17"),
            ("Störung im Rechenzentrum", "Störungen"),
        ],
    )
    def test_finds_it_however_it_is_written(self, rita: User, written: str, asked: str) -> None:
        recorded(rita, written)
        recorded(rita, "Something else")
        learning.learn()
        assert numbers(rita, asked) == ["INC-1"]

    def test_finds_a_phrase_only_where_the_words_follow_each_other(self, rita: User) -> None:
        recorded(rita, "The mail server is down")
        recorded(rita, "The server sends no mail")
        assert exact(rita, '"mail server"') == ["INC-1"]
        assert sorted(exact(rita, "mail server")) == ["INC-1", "INC-2"]

    def test_leaves_out_what_is_unwanted(self, rita: User) -> None:
        recorded(rita, "Mail is down")
        recorded(rita, "Mail is slow")
        assert exact(rita, "mail -slow") == ["INC-1"]
        assert numbers(rita, "-slow") == []

    def test_takes_the_last_word_for_a_beginning(self, rita: User) -> None:
        recorded(rita, "Certificate of the gateway")
        assert exact(rita, "gateway certif") == ["INC-1"]
        assert exact(rita, "gate certificate") == []

    def test_takes_a_learned_beginning_for_every_word_that_begins_so(self, rita: User) -> None:
        recorded(rita, "Gateway is down")
        recorded(rita, "Gate is shut")
        recorded(rita, "Mail")
        learning.learn()
        assert sorted(exact(rita, "gat")) == ["INC-1", "INC-2"]
        assert exact(rita, "gatew") == ["INC-1"]

    def test_puts_the_number_asked_for_first(self, rita: User) -> None:
        recorded(rita, "Mail is down")
        recorded(rita, "The same as INC-1")
        for text in ("INC-1", "inc 1", "inc1"):
            assert numbers(rita, text)[0] == "INC-1"
        assert numbers(rita, "inc-1") == ["INC-1", "INC-2"]

    @pytest.mark.parametrize("text", ["", "  ", "the", '"', "-", "()&|!:*'\\<->", "\0", "a" * 5000])
    def test_refuses_no_text(self, rita: User, text: str) -> None:
        recorded(rita, "Mail is down")
        assert numbers(rita, text) == []

    def test_ranks_the_title_over_the_text_and_the_new_over_the_old(self, rita: User) -> None:
        long_ago = timezone.now() - timedelta(days=900)
        registry["incidents.record"](Incident(), by=rita, at=long_ago, title="Archive is slow")
        recorded(rita, "Something", description="The archive, too")
        recorded(rita, "Archive is slow")
        assert numbers(rita, "archive")[0] == "INC-3"
        assert numbers(rita, "archive is slow")[:2] == ["INC-3", "INC-1"]

    def test_can_be_kept_to_some_kinds(self, rita: User) -> None:
        recorded(rita, "Mail is down")
        assert numbers(rita, "mail", kinds=["service_request"]) == []
        assert numbers(rita, "INC-1", kinds=["service_request"]) == []
        assert numbers(rita, "mail", kinds=["incident"]) == ["INC-1"]

    def test_marks_the_words_in_title_and_text(self, rita: User) -> None:
        recorded(rita, "Transfers stop", description="Each <b>transfer</b> stops.")
        assert marked(rita, "transfer") == ["Transfers", "transfer"]
        text = "".join(piece for piece, _ in find(rita, "transfer").hits[0].headline)
        assert text == "Each <b>transfer</b> stops."


class TestTypingError:
    @pytest.mark.parametrize("slip", ["gatewya", "gaeway", "gatewayy", "gatexay", "ateway"])
    def test_is_forgiven(self, rita: User, slip: str) -> None:
        recorded(rita, "Gateway stops")
        learning.learn()
        [hit] = find(rita, slip).hits
        assert (hit.record.number, hit.is_near) == ("INC-1", True)
        assert marked(rita, slip) == ["Gateway"]

    def test_is_not_seen_where_the_word_is_found(self, rita: User) -> None:
        recorded(rita, "A gatewya")
        recorded(rita, "A gateway")
        learning.learn()
        assert numbers(rita, "gatewya", limit=1) == ["INC-1"]
        assert exact(rita, "gatewya") == ["INC-1"]

    def test_is_not_seen_in_a_name_with_digits(self, rita: User) -> None:
        recorded(rita, "node02 is down")
        learning.learn()
        assert numbers(rita, "node01") == []

    def test_finds_a_word_inside_a_longer_one(self, rita: User) -> None:
        recorded(rita, "Netzwerkdrucker druckt nicht")
        learning.learn()
        assert numbers(rita, "drucker") == ["INC-1"]


class TestPages:
    def test_follow_each_other_without_gap_or_double(
        self, rita: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("evenkeel.core.search.matching.FEW", 0)
        monkeypatch.setattr("evenkeel.core.search.matching.SIZE", 7)
        made = [recorded(rita, f"Mail {n}").number for n in range(25)]
        assert sorted(walked(rita, "mail", limit=3)) == sorted(made)

    def test_come_to_the_start_from_a_broken_place(self, rita: User) -> None:
        recorded(rita, "Mail is down")
        assert numbers(rita, "mail", after="nonsense") == ["INC-1"]

    def test_cost_no_query_more_for_more_hits(self, sam: User, rita: User) -> None:
        costs = []
        for _ in range(2):
            for _ in range(5):
                recorded(rita, "Mail is down")
            reader = User.objects.get(pk=sam.pk)
            with CaptureQueriesContext(connection) as queries:
                assert find(reader, "mail", limit=5).hits
            costs.append(len(queries))
        # Words, beginnings, end of the index, rights, what is visible, matches, texts.
        assert costs == [7, 7]


class TestEras:
    @pytest.fixture(autouse=True)
    def short(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Eras of two, four, eight and sixteen records, blocks of three; nobody sees few."""
        monkeypatch.setattr("evenkeel.core.search.matching.FEW", 0)
        monkeypatch.setattr("evenkeel.core.search.eras.SHIFTS", (1, 2, 3, 4))
        monkeypatch.setattr("evenkeel.core.search.matching.SIZE", 3)
        indexing._statement.cache_clear()
        yield
        indexing._statement.cache_clear()

    def test_are_widened_until_there_is_enough(self, rita: User) -> None:
        first = recorded(rita, "Mail is down")
        others = [recorded(rita, f"Printer {n}").number for n in range(40)]
        assert numbers(rita, "mail") == [first.number]
        assert sorted(numbers(rita, "printer", limit=3)) == sorted(others[-3:])

    def test_are_not_widened_when_there_is_enough(self, rita: User) -> None:
        for n in range(40):
            recorded(rita, f"Printer {n}")
        with CaptureQueriesContext(connection) as queries:
            find(User.objects.get(pk=rita.pk), "printer", limit=3)
        assert sum("ts_rank" in query["sql"] for query in queries) == 1

    def test_leave_no_gap_between_pages(self, rita: User) -> None:
        made = [recorded(rita, f"Printer {n}").number for n in range(40)]
        assert sorted(walked(rita, "printer", limit=2)) == sorted(made)


class TestReading:
    @pytest.mark.parametrize("few", [0, 2000])
    def test_is_the_same_for_those_who_see_few_records_and_many(
        self, rita: User, sam: User, omar: User, few: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("evenkeel.core.search.matching.FEW", few)
        recorded(omar, "Mail is down")
        registry["incidents.note"](recorded(rita, "Mail is slow"), by=sam, text="Sabotage")
        assert numbers(rita, "mail") == ["INC-2"]
        assert numbers(omar, "mail") == ["INC-1"]
        assert numbers(sam, "mail sabotage") == ["INC-2"]
        assert numbers(rita, "sabotage") == []

    def test_does_not_show_the_records_of_others(self, rita: User) -> None:
        recorded(rita, "Mail is down")
        omar = User.objects.create_user("omar")
        for text in ("mail", "INC-1", "maill"):
            assert numbers(omar, text) == []
        assert suggest(omar, "incident", "mail") == []

    def test_shows_internal_words_to_those_inside_alone(self, rita: User, sam: User) -> None:
        incident = recorded(rita, "Mail is down")
        registry["incidents.note"](incident, by=sam, text="Suspicious sabotage by the caller")
        learning.learn()
        assert numbers(sam, "mail sabotage") == ["INC-1"]
        assert marked(sam, "sabotage") == ["sabotage"]
        for text in ("sabotage", "mail sabotage", "sabotag", "sabotgae", "suspicious"):
            assert numbers(rita, text) == []
        headline = find(rita, "mail").hits[0].headline
        assert "sabotage" not in "".join(piece for piece, _ in headline)

    def test_keeps_internal_fields_from_those_outside(
        self, rita: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Incident, "inside_fields", frozenset({"description"}))
        indexing._statement.cache_clear()
        recorded(rita, "Mail is down", description="Root password is swordfish")
        indexing._statement.cache_clear()
        assert numbers(sam, "swordfish") == ["INC-1"]
        assert numbers(rita, "swordfish") == []
        assert find(rita, "mail").hits[0].headline == []

    def test_ends_with_the_role(self, rita: User, sam: User) -> None:
        recorded(rita, "Mail is down")
        assert numbers(sam, "mail") == ["INC-1"]
        RoleAssignment.objects.update(ends_at=timezone.now())
        assert numbers(User.objects.get(pk=sam.pk), "mail") == []


class TestSuggestions:
    def test_begin_with_what_is_typed(self, rita: User) -> None:
        recorded(rita, "Mail is down")
        recorded(rita, "Certificate of the mail gateway", description="server")
        titles = [record.title for record in suggest(rita, "incident", "mai gat")]
        assert titles == ["Certificate of the mail gateway"]
        assert suggest(rita, "incident", "serv") == []
        assert suggest(rita, "service", "mail") == []

    def test_know_the_beginnings_of_learned_words_in_titles_alone(self, rita: User) -> None:
        recorded(rita, "Mail is down", description="Gateway")
        recorded(rita, "Gateway of the mail")
        learning.learn()
        assert [r.number for r in suggest(rita, "incident", "mai ga")] == ["INC-2"]

    def test_give_numbers_first_and_the_newest_for_nothing(self, rita: User) -> None:
        for n in range(11):
            recorded(rita, f"Mail {n}")
        assert [r.number for r in suggest(rita, "", "inc-1")] == ["INC-1", "INC-10", "INC-11"]
        assert [r.number for r in suggest(rita, "incident", "", 2)] == ["INC-11", "INC-10"]


class TestIndex:
    def test_is_written_behind_an_import(self, rita: User) -> None:
        entry = bulk.NewEntry("incidents.imported", timezone.now(), rita.pk)
        entry.comment = bulk.NewComment("Ask the janitor")
        values = {"title": "Mail is down", "state": "new", "requester_id": rita.pk}
        record = bulk.NewRecord(values, [entry])
        bulk.write(Incident, [record])
        assert numbers(rita, "mail janitor") == ["INC-1"]
        said = bulk.NewEntry("incidents.comment", timezone.now(), rita.pk, {})
        said.comment = bulk.NewComment("The caretaker knows")
        bulk.append(Incident, {record.pk: bulk.Addition([said])})
        assert numbers(rita, "mail caretaker") == ["INC-1"]

    def test_is_made_anew_from_the_records(self, rita: User, sam: User) -> None:
        incident = recorded(rita, "Mail is down")
        registry["incidents.note"](incident, by=sam, text="Sabotage")
        before = self.rows()
        SearchRow.objects.all().delete()
        assert rebuilding.missing() == Record.objects.count() > 0
        assert list(rebuilding.rebuild())[-1] == Record.objects.count()
        assert self.rows() == before
        assert rebuilding.missing() == 0

    def rows(self) -> list[tuple[Any, ...]]:
        rows = SearchRow.objects.order_by("record_id", "audience")
        return list(rows.values_list("record_id", "audience", "eras", "text", "words"))

    def test_takes_a_text_of_any_length(self, rita: User) -> None:
        words = " ".join(f"word{n:x}" for n in range(300_000))
        recorded(rita, "Mail is down", description=words)
        assert numbers(rita, "mail word7") == ["INC-1"]
