"""Operators in a question: what each finds, what is refused, and that none tells a secret."""

import html
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.models import Record
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.search import find
from evenkeel.core.search.operators import OPERATORS
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.incidents.tests.conftest import browser_of, holder

pytestmark = pytest.mark.django_db
MAIL, PRINTER, ACCESS = "INC-1", "INC-2", "REQ-1"


@pytest.fixture
def network() -> Team:
    made: Team = Team.objects.create(number="TEAM-7", of_kind="team", title="Network crew")
    return made


@pytest.fixture
def cases(rita: User, sam: User, omar: User, network: Team) -> None:
    """One that is worked on, one that is over, and a request."""
    registry["incidents.record"](Incident(), by=rita, title="Mail server is down")
    registry["incidents.record"](Incident(), by=rita, title="Printer is dark")
    registry["service_requests.record"](
        ServiceRequest(), by=omar, title="Mail for a guest", wish="access"
    )
    long_ago = datetime(2026, 1, 31, 12, tzinfo=UTC)
    Record.objects.filter(number=MAIL).update(priority=1, case_owner=sam, team=network)
    over = {"state": "closed", "is_open": False, "closed_at": long_ago}
    Record.objects.filter(number=PRINTER).update(priority=3, recorded_at=long_ago, **over)


def numbers(user: User | None, text: str) -> list[str]:
    return sorted(hit.record.number for hit in find(user, text).hits if not hit.is_near)


def walked(user: User, text: str) -> list[str]:
    """The numbers on all pages."""
    page = find(user, text)
    found = [hit.record.number for hit in page.hits if not hit.is_near]
    while page.more:
        page = find(user, text, after=page.after)
        found += [hit.record.number for hit in page.hits]
    return sorted(found)


def listed(user: User, text: str) -> list[str]:
    items = Api(user).get(f"/api/incidents?q={text}").json()["items"]
    return sorted(item["number"] for item in items)


@pytest.mark.usefixtures("cases")
class TestOperator:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("mail state:open", [MAIL, ACCESS]),
            ("kind:incident", [MAIL, PRINTER]),
            ("kind:service-requests", [ACCESS]),
            ("kind:incident state:open", [MAIL]),
            ("kind:incident state:new,closed", [MAIL, PRINTER]),
            ("state:closed", [PRINTER]),
            ("-state:closed mail", [MAIL, ACCESS]),
            ("is:closed", [PRINTER]),
            ("priority:1", [MAIL]),
            ("priority:P1", [MAIL]),
            ("priority:>=2", [PRINTER]),
            ("priority:none mail", [ACCESS]),
            ("-priority:1 kind:incident", [PRINTER]),
            ("owner:me", [MAIL]),
            ("owner:sam", [MAIL]),
            ("owner:sorel", [MAIL]),
            ("owner:none kind:incident", [PRINTER]),
            ("requester:rita", [MAIL, PRINTER]),
            ("team:TEAM-7", [MAIL]),
            ('team:"network crew"', [MAIL]),
            ("team:crew", [MAIL]),
            ("opened:2026-01-31", [PRINTER]),
            ("opened:<2026-02-01", [PRINTER]),
            ("opened:<=2026-01-31", [PRINTER]),
            ("opened:2026-01-01..2026-02-01", [PRINTER]),
            ("opened:>2026-01-31 mail", [MAIL, ACCESS]),
            ("opened:>7d kind:incident", [MAIL]),
            ("closed:2026-01-31", [PRINTER]),
            ("closed:none kind:incident", [MAIL]),
            ('"mail server" kind:incident', [MAIL]),
            ("kind:incident -printer", [MAIL]),
            ('"state:closed"', []),
            ("https://mail.example state:open", []),
            ("mail: server", [MAIL]),
        ],
    )
    def test_finds_just_what_it_asks_for(self, sam: User, text: str, found: list[str]) -> None:
        assert numbers(sam, text) == found

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("colour:red", "There is no operator colour; there are: kind, state,"),
            ("state:asleep", "There is no state asleep; there are: open,"),
            ("kind:potato", "There is no kind potato; there are:"),
            ("is:lost", "Nothing is lost; there are: open, closed,"),
            ("priority:9", "There is no priority 9; there are 1 to 5, and none."),
            ("owner:whoever", "There is no account whoever."),
            ("team:nowhere", "There is no team nowhere that you may see."),
            ("opened:soon", "soon is no day; write 2026-01-31,"),
            ("opened:>", "Nothing is no day;"),
            ("opened:2026-02-30", "2026-02-30 is no day;"),
            ("opened:9999999d", "9999999d is no day;"),
            ('state:""', "There is no state ; there are:"),
        ],
    )
    def test_is_refused_in_a_sentence_where_it_cannot_be(
        self, sam: User, text: str, said: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            find(sam, text)
        assert str(refused.value).startswith(f"q: {said}")

    def test_takes_days_at_both_ends_of_the_calendar(self, sam: User) -> None:
        assert len(numbers(sam, "opened:0001-01-01..9999-12-31 kind:incident")) == 2
        assert numbers(sam, "opened:>9999-12-31") == []

    def test_finds_for_whoever_works_on_the_host_what_there_is(self) -> None:
        assert numbers(None, "kind:incident") == [MAIL, PRINTER]
        with pytest.raises(Invalid, match="There is no me here"):
            find(None, "owner:me")

    def test_leaves_out_what_has_an_unwanted_word_where_one_may_read_it(
        self, sam: User, rita: User
    ) -> None:
        registry["incidents.note"](Incident.objects.get(number=MAIL), by=sam, text="Zebra")
        asked = "kind:incident -zebra"
        assert numbers(sam, asked) == listed(sam, asked) == [PRINTER]
        assert numbers(rita, asked) == listed(rita, asked) == [MAIL, PRINTER]

    def test_finds_the_same_however_many_fulfil_it(
        self, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for few, size in ((2_000, 200), (0, 200), (1, 1), (1, 2)):
            monkeypatch.setattr("evenkeel.core.search.matching.FEW", few)
            monkeypatch.setattr("evenkeel.core.search.matching.SIZE", size)
            for text, found in (
                ("mail is:open", [MAIL, ACCESS]),
                ("kind:incident -printer", [MAIL]),
                ("is:open -guest kind:incident", [MAIL]),
            ):
                assert walked(sam, text) == found, (few, size, text)

    def test_leads_from_page_to_page(self, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("evenkeel.core.search.matching.SIZE", 2)
        first = find(sam, "kind:incident", limit=1)
        second = find(sam, "kind:incident", limit=1, after=first.after)
        found = [hit.record.number for hit in (*first.hits, *second.hits)]
        assert sorted(found) == [MAIL, PRINTER]


QUESTIONS = [
    *(f"priority:{sign}{number}" for sign in ("", ">=", "<=") for number in range(1, 6)),
    *("priority:none", "owner:none", "owner:sam", "team:none", "team:TEAM-7", "team:mine"),
    *("owner:me", "requester:me", "requester:rita", "requester:omar", "closed:none", "due:none"),
    *("state:open", "state:new", "state:closed", "is:open", "is:closed", "is:breached"),
    *("opened:today", "opened:<today", "edited:today", "closed:2026-01-31", "is:unassigned"),
    *("kind:incident", "kind:service_request", "service:none", "organisation:none"),
]


@pytest.mark.usefixtures("cases")
class TestNobody:
    def test_learns_by_an_operator_what_they_may_not_see(
        self, rita: User, omar: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Hits, counts and lists of each question and its opposite are among what one may see."""
        assert {text.partition(":")[0] for text in QUESTIONS} == set(OPERATORS)
        gone = holder("gone", RoleType.PROCESS_STAFF, is_active=False)
        shown = 0
        for place, user in enumerate((rita, omar, sam, gone, User.objects.create_user("new"))):
            monkeypatch.setattr("evenkeel.core.search.matching.FEW", 2_000 * (place % 2))
            for text in self.every(user):
                seen = set(Record.objects.visible_to(user).values_list("number", flat=True))
                found = numbers(user, text)
                assert set(found) <= seen, (user, text)
                shown += len(found)
        assert shown

    def every(self, user: User) -> list[str]:
        """Each question, its opposite, and both beside a word; only what this user may ask."""
        asked = []
        for text in QUESTIONS:
            try:
                find(user, text)
            except Invalid as refused:
                assert "that you may see" in str(refused)  # noqa: PT017
                continue
            asked += [text, f"-{text}", f"mail {text}", f"mail -{text}"]
        return asked

    def test_learns_a_hidden_value_by_its_operator_nor_by_the_opposite(
        self, rita: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Incident, "inside_fields", frozenset({"priority", "case_owner"}))
        for text in ("priority:1", "priority:none", "owner:sam", "owner:none"):
            for asked in (f"kind:incident {text}", f"kind:incident -{text}"):
                assert numbers(rita, asked) == [], asked
                assert Api(rita).get(f"/api/incidents?q={asked}").json()["items"] == []
        assert numbers(sam, "priority:1") == [MAIL]

    def test_learns_by_the_list_what_they_may_not_read(self, rita: User, sam: User) -> None:
        registry["incidents.note"](Incident.objects.get(number=MAIL), by=sam, text="Zebra")
        for user, count in ((sam, 1), (rita, 0)):
            for q in ("zebra", "zebra state:open", "zebr"):
                answer = Api(user).get(f"/api/incidents?count=yes&q={q}").json()
                assert (answer["count"], len(answer["items"])) == (count, count), (user, q)
                assert count_of(browser_of(user), q) == str(count)
        assert count_of(browser_of(User.objects.create_user("new")), "mail") == "0"


def count_of(client: Client, q: str) -> str:
    return client.get("/incidents/", {"q": q, "only": "count"}).content.decode()


@pytest.mark.usefixtures("cases")
class TestListSearch:
    def rows(self, client: Client, query: dict[str, str]) -> str:
        answer: Any = client.get("/incidents/", query)
        assert answer.status_code == 200
        return str(answer.content.decode())

    def test_narrows_the_list_and_marks_the_words(self, desk: Client) -> None:
        text = self.rows(desk, {"q": "mail state:open"})
        assert "<mark>Mail</mark> server is down</a>" in text
        assert "Printer" not in text
        assert 'value="mail state:open"' in text

    def test_goes_together_with_filters_order_and_columns(self, desk: Client) -> None:
        query = {"q": "is:closed", "state": "closed", "sort": "priority", "columns": "title,state"}
        text = self.rows(desk, query)
        assert "Printer is dark" in text
        assert '<input type="hidden" name="sort" value="priority">' in text
        assert "Nothing matches" in self.rows(desk, query | {"state": "new"})

    def test_leads_to_a_number(self, desk: Client) -> None:
        assert "Printer is dark" in self.rows(desk, {"q": "inc 2"})

    def test_finds_nothing_by_words_that_say_nothing(self, desk: Client) -> None:
        assert "Nothing matches" in self.rows(desk, {"q": "the"})

    def test_says_what_cannot_be_asked_and_keeps_what_was_typed(self, desk: Client) -> None:
        for address in ("/incidents/", "/search/"):
            answer = desk.get(address, {"q": "<i> state:asleep"})
            assert answer.status_code == 400
            text = html.unescape(answer.content.decode())
            assert "There is no state asleep" in text
            assert 'value="<i> state:asleep"' in text
            assert "<i> state" not in answer.content.decode()

    def test_is_exported_as_it_is_shown(self, desk: Client) -> None:
        answer: Any = desk.get("/incidents/", {"q": "printer", "format": "csv", "columns": "title"})
        lines = b"".join(answer.streaming_content).decode().split()
        assert " ".join(lines) == "number,title INC-2,Printer is dark"


@pytest.mark.usefixtures("cases")
class TestSearchOfPrograms:
    def test_finds_what_the_page_finds(self, sam: User) -> None:
        answer = Api(sam).get('/api/search?q="mail server" state:open')
        (item,) = answer.json()["items"]
        assert (item["number"], item["kind"], item["url"]) == (
            MAIL,
            "incident",
            "/api/incidents/INC-1",
        )
        assert item["title_pieces"][0] == {"text": "Mail", "is_marked": True}

    def test_leads_from_page_to_page(self, sam: User) -> None:
        first = Api(sam).get("/api/search?q=mail&limit=1").json()
        second = Api(sam).get(first["next"]).json()
        assert {first["items"][0]["number"], second["items"][0]["number"]} == {MAIL, ACCESS}
        assert second["next"] is None

    @pytest.mark.parametrize(
        "query", ["", "q=", "q=x&after=1", "q=x&kind=incident", "q=colour:red", "q=x&limit=0"]
    )
    def test_refuses_what_cannot_be(self, sam: User, query: str) -> None:
        answer = Api(sam).get(f"/api/search?{query}")
        assert answer.status_code == 422
        assert answer.json()["errors"]

    def test_refuses_an_unknown_value_of_a_filter(self, sam: User) -> None:
        for query in ("state=nonsense", "case_owner=whoever", "team=TEAM-404", "priority=9"):
            assert Api(sam).get(f"/api/incidents?{query}").status_code == 422, query

    def test_lists_what_answers(self, sam: User) -> None:
        items = Api(sam).get("/api/incidents?q=is:closed").json()["items"]
        assert [item["number"] for item in items] == [PRINTER]
