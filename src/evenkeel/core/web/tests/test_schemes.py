"""Scheme pages: read by all, edited in tables, kept as drafts, approved by their owner."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.schemes import actions, categories, priority
from evenkeel.core.schemes.models import Scheme

pytestmark = pytest.mark.django_db
SCALE = [{"name": "Wide", "definition": "All"}, {"name": "Single", "definition": ""}]
MATRIX: dict[str, Any] = {"impact": SCALE, "urgency": SCALE, "matrix": [[1, 2], [2, 3]]}
TREE: dict[str, Any] = {"categories": [{"path": "Mail"}, {"path": "Mail / Lists"}, {"path": "Web"}]}


@pytest.fixture
def olga() -> User:
    """The owner of PM."""
    user = User.objects.create_user("olga", full_name="Olga Berg")
    role = apps.get_model("core", "Role").objects.create(
        number="R-1", of_kind="role", title="x", role_type=RoleType.PROCESS_OWNER, context="PM"
    )
    RoleAssignment.objects.create(
        role=role, person=user, starts_at=timezone.now() - timedelta(days=9)
    )
    return user


def scheme(kind: str, content: dict[str, Any], owner: User) -> Scheme:
    sms = User.objects.the_sms()
    made = actions.record(Scheme(), by=sms, title="How", scheme_kind=kind, context="PM")
    actions.draft(made, by=owner, content=content)
    found: Scheme = actions.approve(made, by=owner)
    return found


@pytest.fixture
def matrix(olga: User) -> Scheme:
    return scheme(priority.NAME, MATRIX, olga)


@pytest.fixture
def tree(olga: User) -> Scheme:
    return scheme(categories.NAME, TREE, olga)


def filled(client: Client, of: Scheme) -> dict[str, str]:
    """The editor's fields as a browser would send them back untouched."""
    page = client.get(f"{of.url}draft/")
    assert page.status_code == 200
    fields: dict[str, str] = {"version": str(of.version)}
    if of.scheme_kind == priority.NAME:
        for name in ("impact", "urgency"):
            for number, level in enumerate([*SCALE, {"name": "", "definition": ""}], 1):
                fields |= {f"{name}-{number}-{key}": said for key, said in level.items()}
        fields |= {
            f"cell-{i}-{u}": str(p)
            for i, row in enumerate(MATRIX["matrix"], 1)
            for u, p in enumerate(row, 1)
        }
    else:
        for number, row in enumerate([*TREE["categories"], {"path": ""}], 1):
            fields |= {f"category-{number}-path": row["path"], f"category-{number}-guidance": ""}
        fields[f"category-{len(TREE['categories']) + 1}-is_new"] = "yes"
    assert all(f'name="{name}"' in page.text for name in fields)
    return fields


class TestEditor:
    def test_gives_back_what_it_was_given(self, client: Client, matrix: Scheme, olga: User) -> None:
        client.force_login(olga)
        answer = client.post(f"{matrix.url}draft/", filled(client, matrix))
        assert answer.status_code == 302
        drafted = matrix.versions.get(standing="draft")
        assert drafted.content == MATRIX | {"rules": []}
        assert "Nothing yet." in client.get(matrix.url).text

    @pytest.mark.row("ISRM-20")
    def test_adds_a_level_and_shows_what_the_draft_edits(
        self, client: Client, matrix: Scheme, olga: User
    ) -> None:
        client.force_login(olga)
        sent = filled(client, matrix) | {"impact-3-name": "None", "cell-2-2": "4"}
        client.post(f"{matrix.url}draft/", sent)
        assert matrix.versions.get(standing="draft").content["matrix"] == [[1, 2], [2, 4], [2, 4]]
        page = client.get(matrix.url).text
        assert "Impact 3: nothing becomes “None”." in page
        assert "Impact 2 and urgency 2: P3 becomes P4." in page

    def test_keeps_what_was_typed_when_it_is_refused(
        self, client: Client, matrix: Scheme, olga: User
    ) -> None:
        client.force_login(olga)
        sent = filled(client, matrix) | {"cell-1-1": "5", "impact-1-name": "Everybody"}
        answer = client.post(f"{matrix.url}draft/", sent)
        assert answer.status_code == 422
        assert "A graver impact or urgency cannot give a lower priority." in answer.text
        assert 'value="Everybody"' in answer.text

    def test_does_not_overwrite_a_draft_that_somebody_kept_meanwhile(
        self, client: Client, matrix: Scheme, olga: User
    ) -> None:
        client.force_login(olga)
        sent = filled(client, matrix)
        actions.draft(matrix, by=olga, content=MATRIX | {"matrix": [[1, 1], [1, 1]]})
        assert client.post(f"{matrix.url}draft/", sent).status_code == 409
        assert matrix.versions.get(standing="draft").content["matrix"] == [[1, 1], [1, 1]]

    def test_is_read_only_for_others_who_are_told_why(self, client: Client, matrix: Scheme) -> None:
        client.force_login(User.objects.create_user("rita"))
        assert "P3" in client.get(matrix.url).text
        answer = client.post(f"{matrix.url}draft/", {})
        assert answer.status_code in (403, 422)
        assert not matrix.versions.filter(standing="draft").exists()
        assert "Only the owner of its process" in client.get(f"{matrix.url}draft/").text

    @pytest.mark.row("ISRM-19")
    def test_puts_a_new_category_beside_its_family_and_retires_another(
        self, client: Client, tree: Scheme, olga: User
    ) -> None:
        client.force_login(olga)
        sent = filled(client, tree) | {
            "category-4-path": "Mail/Calendar",
            "category-4-guidance": "Shared calendars",
            "category-3-retired": "true",
        }
        client.post(f"{tree.url}draft/", sent)
        drafted = rows_of(tree)
        assert [row["path"] for row in drafted] == [
            "Mail",
            "Mail / Lists",
            "Mail / Calendar",
            "Web",
        ]
        assert [row["retired"] for row in drafted] == [False, False, False, True]
        assert "“Web” is retired." in client.get(tree.url).text


def rows_of(tree: Scheme) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tree.versions.get(standing="draft").content["categories"]
    return rows


class TestPage:
    def test_offers_the_editor_to_those_who_shape_it(
        self, client: Client, matrix: Scheme, olga: User
    ) -> None:
        client.force_login(olga)
        page = client.get(matrix.url).text
        assert f'href="{matrix.url}draft/"' in page
        assert "Priority matrix" in page
