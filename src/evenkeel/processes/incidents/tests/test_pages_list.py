"""The list of incidents as people meet it in a browser."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db
QUERIES = 4  # session, account with its rights, rows, and how many there are


def record(by: User, count: int) -> None:
    start = timezone.now() - timedelta(days=30)
    for number in range(count):
        at = start + timedelta(minutes=number)
        incidents.record(Incident(), by=by, at=at, title=f"Trouble {number}")


def page(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def numbers(text: str) -> list[str]:
    return re.findall(r"data-open>(.*?)</a>", text)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as made:
        page(client, address)
    return len(made)


class TestList:
    def test_sends_strangers_to_sign_in_and_back(self, client: Client) -> None:
        response = client.get("/incidents/?state=new")
        assert response.headers["Location"] == "/accounts/login/?next=%2Fincidents%2F%3Fstate%3Dnew"

    def test_sends_the_whole_page_to_sign_in_where_a_fragment_was_asked_for(
        self, client: Client
    ) -> None:
        here = {"HX-Request": "true", "HX-Current-URL": "https://x.example/incidents/?state=new"}
        response = client.get("/incidents/?state=closed", headers=here)
        assert response.status_code == 204
        assert response["HX-Redirect"].endswith("next=%2Fincidents%2F%3Fstate%3Dnew")

    def test_shows_what_one_may_see_and_nothing_else(
        self, desk: Client, incident: Incident, omar: User
    ) -> None:
        assert numbers(page(desk, "/incidents/")) == ["Mail is down"]
        outsider = Client()
        outsider.force_login(omar)
        assert "Mail is down" not in page(outsider, "/incidents/")

    def test_shows_no_filter_as_chosen_that_nobody_chose(self, desk: Client, sam: User) -> None:
        incidents.record(Incident(), by=sam, title="Mail is down")
        assert 'class="chip on"' not in page(desk, "/incidents/").split('aria-label="Filters"')[1]

    def test_shows_titles_as_text_whatever_they_contain(self, desk: Client, sam: User) -> None:
        incidents.record(Incident(), by=sam, title="<script>alert(1)</script>")
        assert "<script>alert" not in page(desk, "/incidents/")

    def test_shows_names_as_text_whatever_they_contain(self, desk: Client, sam: User) -> None:
        User.objects.filter(pk=sam.pk).update(full_name="<b>Sam</b>")
        incidents.record(Incident(case_owner=sam), by=sam, title="Mail is down")
        text = page(desk, "/incidents/")
        assert '<td class="">&lt;b&gt;Sam&lt;/b&gt;</td>' in text
        assert "<b>Sam" not in text

    def test_costs_the_same_whatever_its_length(self, desk: Client, sam: User, mona: User) -> None:
        record(sam, 5)
        page(desk, "/incidents/")
        assert queries(desk, "/incidents/") == QUERIES
        record(sam, 50)
        assert queries(desk, "/incidents/") == QUERIES

    def test_leads_from_page_to_page_and_back(self, desk: Client, sam: User) -> None:
        record(sam, 120)
        first = page(desk, "/incidents/")
        second = page(desk, "/incidents/" + link(first, "next"))
        third = page(desk, "/incidents/" + link(second, "next"))
        assert [len(numbers(each)) for each in (first, second, third)] == [50, 50, 20]
        assert numbers(first)[0] == "Trouble 119"
        assert numbers(third)[-1] == "Trouble 0"
        assert 'rel="next"' not in third
        assert numbers(page(desk, "/incidents/" + link(third, "prev"))) == numbers(second)
        assert numbers(page(desk, "/incidents/?page=3")) == numbers(third)
        assert queries(desk, "/incidents/?page=3") == QUERIES + 1  # for the day it begins in

    @pytest.mark.parametrize("sort", ["recorded_at", "priority", "due_at"])
    def test_keeps_its_order_over_the_pages(self, desk: Client, sam: User, sort: str) -> None:
        record(sam, 60)
        Incident.objects.filter(number__in=["INC-3", "INC-50"]).update(
            priority=1, due_at=timezone.now()
        )
        first = page(desk, f"/incidents/?sort={sort}")
        second = page(desk, "/incidents/" + link(first, "next"))
        titles = numbers(first) + numbers(second)
        assert len(set(titles)) == 60
        newest = [f"Trouble {n}" for n in reversed(range(60))]
        leading = ["Trouble 49", "Trouble 2"]
        rest = [title for title in newest if title not in leading]
        assert titles == (newest[::-1] if sort == "recorded_at" else leading + rest)

    def test_filters_by_what_the_address_says(
        self, desk: Client, incident: Incident, sam: User
    ) -> None:
        assert numbers(page(desk, "/incidents/?state=new,classified")) == ["Mail is down"]
        assert "Nothing matches" in page(desk, "/incidents/?state=closed")
        assert numbers(page(desk, "/incidents/?team=none")) == ["Mail is down"]
        assert numbers(page(desk, "/incidents/?case_owner=mona")) == ["Mail is down"]
        assert "Nothing matches" in page(desk, "/incidents/?case_owner=sam")

    def test_takes_as_a_filter_what_it_suggests(self, desk: Client, incident: Incident) -> None:
        found = re.search(
            r'hx-get="(/suggest/account/[^"]*filter-case_owner[^"]*)"', page(desk, "/incidents/")
        )
        assert found
        options = page(desk, found[1].replace("&amp;", "&") + "&case_owner=moen")
        (value,) = re.findall(r'data-value="([^"]*)"', options)
        assert numbers(page(desk, f"/incidents/?case_owner={value}")) == ["Mail is down"]

    def test_says_which_filter_cannot_be(self, desk: Client) -> None:
        for query in (f"priority={10**30},1", "state=%00", "case_owner=%00"):
            assert desk.get(f"/incidents/?{query}").status_code == 400
        for query, said in (
            ("state=resolved,nonsense", "State: nonsense: there are new, classified,"),
            ("priority=9", "Priority: 9: there are 1, 2, 3, 4, 5."),
            ("is_breached=maybe", "It is yes or no."),
            ("case_owner=nobody", "Case owner: There is no account nobody."),
            ("service=SERV-404", "Service: There is no service SERV-404 that you may see."),
            ("team=INC-1", "Team: There is no team INC-1 that you may see."),
        ):
            response = desk.get(f"/incidents/?{query}")
            assert response.status_code == 400
            assert said in response.content.decode()
        response = desk.get("/incidents/?priority=high")
        assert response.status_code == 400
        assert "Priority" in response.content.decode()

    def test_counts_what_matches(self, desk: Client, sam: User) -> None:
        record(sam, 3)
        assert page(desk, "/incidents/?state=new&only=count") == "3"

    def test_shows_the_columns_that_were_chosen(self, desk: Client, incident: Incident) -> None:
        response = desk.get("/incidents/?column=title&column=channel")
        assert response.headers["Location"] == "?columns=title,channel"
        text = page(desk, "/incidents/?columns=title,channel")
        assert '<td class="lesser">Phone</td>' in text
        assert "Mona Moen" not in text

    def test_calls_late_only_what_is_not_over(self, desk: Client, incident: Incident) -> None:
        stored = Incident.objects.filter(pk=incident.pk)
        stored.update(due_at=timezone.now() - timedelta(hours=2))
        assert '<span class="late">overdue' in page(desk, "/incidents/")
        stored.update(state="closed", is_open=False)
        text = page(desk, "/incidents/")
        assert "2 h ago" in text
        assert "overdue" not in text

    def test_gives_htmx_the_list_alone(self, desk: Client, incident: Incident) -> None:
        text = page(desk, "/incidents/", **{"HX-Request": "true"})
        assert "Mail is down" in text
        assert "<html" not in text

    def test_teaches_where_there_is_nothing_yet(self, desk: Client) -> None:
        text = page(desk, "/incidents/")
        assert "An unplanned disruption of a service" in text
        assert "/incidents/record/" in text

    def test_is_not_there_for_an_unknown_collection(self, desk: Client) -> None:
        assert desk.get("/incident/").status_code == 404

    def test_allows_no_script_from_elsewhere_and_none_inline(self, desk: Client) -> None:
        response = desk.get("/incidents/")
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        text = response.content.decode()
        assert not re.search(r"<script(?![^>]*src=)| style=| on[a-z]+=", text)


def link(text: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', text)
    assert found, f"no {rel} link"
    return found[1].replace("&amp;", "&")
