"""The page about the software."""

import pytest
from django.test import Client

from evenkeel.core.people.models import User

pytestmark = pytest.mark.django_db


class TestAbout:
    def test_attributes_fitsm_before_anybody_has_signed_in(self, client: Client) -> None:
        page = client.get("/about/")
        assert page.status_code == 200
        assert "https://www.fitsm.eu" in page.text
        assert "CC BY 4.0" in page.text
        assert "funded by the European Commission" in page.text

    def test_is_one_click_from_every_page(self, client: Client) -> None:
        client.force_login(User.objects.create_user("rita"))
        assert 'href="/about/"' in client.get("/about/").text
