"""The pages of the schemes by which incidents are classified and prioritised."""

import re

import pytest
from django.test import Client

from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    body = response.content.decode().split("<main", 1)[-1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


class TestSchemePage:
    def test_shows_the_matrix_in_force_and_who_approved_it(self, desk: Client) -> None:
        scheme = Scheme.objects.get(scheme_kind="priority_matrix", context="ISRM")
        text = read(desk, scheme.url)
        assert "Version 1, in force" in text
        assert re.search(r"1 Wide [^P]* P1 P1 P2 P3 2 Large", text)
        assert "Version 1 In force approved by Evenkeel" in text

    def test_shows_the_tree_of_categories(self, desk: Client) -> None:
        scheme = Scheme.objects.get(scheme_kind="category_tree", context="ISRM")
        tree = scheme.versions.get().read
        text = read(desk, scheme.url)
        assert all(category.name in text for category in tree.categories)

    def test_leads_nobody_to_its_editor_who_may_not_edit_it(self, desk: Client) -> None:
        scheme = Scheme.objects.get(scheme_kind="priority_matrix", context="ISRM")
        assert f"{scheme.url}draft/" not in desk.get(scheme.url).content.decode()
        barred = desk.get(f"{scheme.url}draft/")
        said = barred.content.decode().split("<main", 1)[1]
        assert barred.status_code == 403
        assert "Only the owner of its process" in said
        assert "<form" not in said
        assert "Nothing was done" not in said

    def test_is_one_click_from_the_priority_it_gave(self, incident: Incident, desk: Client) -> None:
        desk.post(f"{incident.url}prioritise/", {"impact": "2", "urgency": "2"})
        text = read(desk, incident.url)
        assert re.search(r"Why P\d\? Impact 2 and urgency 2 give P\d\.", text)
        scheme = Scheme.objects.get(scheme_kind="priority_matrix", context="ISRM")
        assert f'href="{scheme.url}"' in desk.get(incident.url).content.decode()

    def test_leaves_another_priority_open_in_the_form(
        self, incident: Incident, desk: Client
    ) -> None:
        desk.post(f"{incident.url}prioritise/", {"impact": "2", "urgency": "2"})
        form = desk.get(f"{incident.url}prioritise/").content.decode()
        assert '<option value="" selected>' in form
        assert re.search(r'name="impact" value="2" checked', form)
