"""The corridor that ships as an example: loaded once, and the first version on it begins with what is usual there."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from corridors.models import CorridorVersion, TransitCorridor
from partners.enums import Role
from tests.corridors.test_approvals import version

__all__ = ["version"]
pytestmark = pytest.mark.django_db


def loaded(*arguments):
    said = StringIO()
    call_command("load_corridors", *arguments, stdout=said)
    return said.getvalue()


def test_the_example_is_a_template_that_asks_nobody_and_names_no_paper(crossing, oybek, sign_in):
    assert loaded() == "Corridors: 1 new, 0 as they were.\n"
    assert loaded() == "Corridors: 0 new, 1 as they were.\n"
    way = TransitCorridor.objects.get()
    assert not CorridorVersion.objects.exists()
    page = sign_in(Role.COORDINATOR).get(f"/corridors/{way.code}/versions/new/").content.decode()
    for words in ('value="120"', 'value="3"', 'value="4"', 'value="sealed"', "begins with what is usual"):
        assert words in page


def test_a_file_that_says_something_else_is_refused_in_a_sentence(crossing, tmp_path):
    with pytest.raises(CommandError, match="UZ-TJ-01; load crossings first"):
        loaded()
    (tmp_path / "ways.toml").write_text("[[corridor]]\ncode = 'A'\n")
    with pytest.raises(CommandError, match=r"ways\.toml"):
        loaded(str(tmp_path / "ways.toml"))


def test_another_like_this_begins_with_its_ends_and_its_wording_and_with_no_paper(sign_in, version):
    version.listed, version.vehicle_cap = {"fuel_only": "Chinaz"}, 7
    version.save()
    browser = sign_in(Role.COORDINATOR)
    page = browser.get("/corridors/new/?like=KZ-TJ-A").content.decode()
    assert 'value="Zhibek Zholy to Oybek"' in page
    assert '<option value="KZ-UZ-01:KAZ:UZB" selected' in page
    named = browser.post(
        "/corridors/new/?like=KZ-TJ-A",
        {"code": "B", "name": "Another", "entry": "KZ-UZ-01:KAZ:UZB", "exit": "UZ-TJ-01:UZB:TJK"},
    )
    assert named["Location"] == "/corridors/B/versions/new/?like=KZ-TJ-A"
    page = browser.get(named["Location"]).content.decode()
    assert 'value="Chinaz"' in page
    assert 'value="7"' in page
    assert "Note 142" not in page
