"""The picture of a lifecycle: it shows every way that the table of the kind has, and no other."""

import re
from xml.etree import ElementTree

import pytest
from django.db.models import TextChoices
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleAssignment, User
from evenkeel.core.rules import Lifecycle, Move, lifecycles
from evenkeel.core.web.diagram import STRONG, Diagram, Drawn, lines_of
from evenkeel.core.web.screen import screens

KINDS = sorted(screen.model.kind() for screen in screens.values())
Way = tuple[str, str, str]  # start, verb, end
PHONE = 390 - 2 * 28  # what the frame of a page leaves of a phone


def ways(lifecycle: Lifecycle) -> set[Way]:
    """What leads from where to where, read move by move."""
    found = {
        (state, move.verb, move.end)
        for move in lifecycle.moves
        for state in move.start or ("",)
        if move.end
    }
    return {way for way in found if way[0] != way[2]}


def drawn_ways(diagram: Diagram, drawn: Drawn) -> set[Way]:
    """From which boxes to which box a line leads, read from where it begins and ends."""
    begins = [point(text) for text in re.findall(r"M([\d.]+ [\d.]+)", drawn.path)]
    ends = point(drawn.head.split(" ")[0].replace(",", " "))
    return {
        (at(diagram, begin), verb, at(diagram, ends))
        for begin in begins
        for verb in drawn.line.verbs
    }


def point(text: str) -> tuple[float, float]:
    x, y = text.split(" ")
    return float(x), float(y)


def at(diagram: Diagram, where: tuple[float, float]) -> str:
    """The state on whose edge a point lies."""
    x, y = where
    (found,) = [
        state
        for state, box in diagram.boxes.items()
        if box.x - 0.01 <= x <= box.x + box.wide + 0.01 and box.y <= y <= box.y + box.high
    ]
    return found


class Loop(TextChoices):
    A = "a", "A"
    B = "b", "B"
    C = "c", "C"


class TestDiagram:
    @pytest.mark.row("ISRM-30")
    @pytest.mark.parametrize("kind", KINDS)
    def test_leads_just_where_the_table_of_the_kind_leads(self, kind: str) -> None:
        lifecycle = lifecycles()[kind]
        diagram = Diagram(kind, lifecycle)
        found = [way for one in diagram.drawn for way in drawn_ways(diagram, one)]
        assert set(found) == ways(lifecycle)
        assert len(found) == len(set(found))

    @pytest.mark.parametrize("kind", KINDS)
    def test_has_room_for_all_that_it_says(self, kind: str) -> None:
        diagram = Diagram(kind, lifecycles()[kind])
        assert diagram.wide <= PHONE
        for drawn in diagram.drawn:
            for x, y, said in drawn.labels:
                reach = len(said) * 6 * (1 if drawn.anchor == "start" else -1)
                assert 0 <= x + reach <= diagram.wide, said
                assert 0 < y < diagram.high, said

    @pytest.mark.parametrize("kind", KINDS)
    def test_writes_the_name_of_a_state_inside_its_box(self, kind: str) -> None:
        for box in Diagram(kind, lifecycles()[kind]).states:
            assert " ".join(said for _, said in box.rows) == box.word
            for y, said in box.rows:
                assert len(said) * STRONG <= box.wide - 6
                assert box.y + 11 <= y <= box.y + box.high - 4

    def test_writes_no_two_labels_over_each_other(self) -> None:
        diagram = Diagram("incident", lifecycles()["incident"])
        places = [(round(x), y) for drawn in diagram.drawn for x, y, _ in drawn.labels]
        for x, y in places:
            near = [other for other in places if other[0] == x and abs(other[1] - y) < 11]
            assert near == [(x, y)]

    def test_draws_verbs_that_lead_both_ways_on_both_sides(self) -> None:
        moves = (Move("record", (), "b"), Move("go", ("a", "c"), "b"), Move("leave", ("b",), "a"))
        lifecycle = Lifecycle(Loop, moves, closed=frozenset({"c"}))
        diagram = Diagram("", lifecycle)
        found = {way for one in diagram.drawn for way in drawn_ways(diagram, one)}
        assert found == ways(lifecycle)

    def test_leaves_out_what_changes_no_state(self) -> None:
        moves = (Move("record", (), "a"), Move("edit", ("a",)), Move("again", ("a", "b"), "a"))
        lines = lines_of(Lifecycle(Loop, moves, closed=frozenset()))
        assert [(line.verbs, line.starts) for line in lines] == [
            (("record",), ("",)),
            (("again",), ("b",)),
        ]


@pytest.fixture
def oskar(db: None) -> User:
    """The process owner."""
    user = User.objects.create_user("oskar", full_name="Oskar Lind")
    role = Role.objects.get(role_type="process_owner", context="ISRM")
    RoleAssignment.objects.create(role=role, person=user, starts_at=timezone.now())
    return user


class TestPageOfStates:
    @pytest.mark.row("ISRM-30")
    def test_has_the_picture_and_says_the_same_in_a_table(
        self, client: Client, oskar: User
    ) -> None:
        client.force_login(oskar)
        page = client.get("/processes/incidents/incidents/").content.decode()
        svg = re.findall(r"<svg class=\"diagram\".*?</svg>", page, re.DOTALL)
        groups = ElementTree.fromstring(svg[0]).findall("g[@data-verbs]")
        pictured = {
            (start, verb, group.attrib["data-to"])
            for group in groups
            for verb in group.attrib["data-verbs"].split(" ")
            for start in group.attrib["data-from"].split(" ")
        }
        lifecycle = lifecycles()["incident"]
        assert pictured == ways(lifecycle)
        rows = re.findall(r"<tr><td>(.*?)</td><td[^>]*>(.*?)</td><td>.*?</svg> (.*?)</td>", page)
        assert len(rows) == len(pictured)
        assert ("In progress", "Put on hold", "On hold") in rows

    def test_is_reached_from_the_page_of_the_process(self, client: Client, oskar: User) -> None:
        client.force_login(oskar)
        page = client.get("/processes/incidents/").content.decode()
        addresses = re.findall(r'href="(/processes/incidents/\w+/)"', page)
        assert "/processes/incidents/incidents/" in addresses
        assert {client.get(address).status_code for address in addresses} == {200}

    def test_is_not_there_for_a_kind_that_the_process_does_not_keep(
        self, client: Client, oskar: User
    ) -> None:
        client.force_login(oskar)
        assert client.get("/processes/incidents/services/").status_code == 404


class TestPageOfAProcess:
    def test_says_who_answers_for_it(self, client: Client, oskar: User) -> None:
        client.force_login(oskar)
        page = client.get("/processes/incidents/").content.decode()
        owner, manager = (page.index(f"Process {one} of ISRM") for one in ("owner", "manager"))
        assert owner < page.index("Oskar Lind", page.index("<main")) < manager
        assert "Nobody holds this role." in page[manager:]

    @pytest.mark.parametrize("address", ["incidents/", "core/", "nowhere/"])
    def test_is_not_there_for_those_outside_and_for_what_is_no_process(
        self, client: Client, db: None, address: str
    ) -> None:
        client.force_login(User.objects.create_user("uma"))
        assert client.get(f"/processes/{address}").status_code == 404
