"""The page of a long list while it is worked off, stored or refused, with the eyes of everybody."""

import io

import pytest

from common import clock
from migrants.models import Migrant
from partners.enums import Role
from returns import importing
from returns.enums import UploadState
from returns.models import ManifestUpload
from tests.cast import COMMAND, NOW
from tests.support.eyes import faults_of_pages

HEADING = "Full name;Sex;Birth date\n"


@pytest.fixture
def signed_in(sign_in, context, page, live_server):
    session = sign_in(Role.COORDINATOR).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def test_everybody_can_read_how_far_a_long_list_is(group, monkeypatch, signed_in):
    clock.set_to(NOW)
    monkeypatch.setattr(importing, "SHORT_BYTES", 0)
    addresses = {}
    for name, state in (
        ("list-opened", UploadState.READING),
        ("list-stored", UploadState.STORING),
        ("list-refused", UploadState.REFUSED),
    ):
        content = f"{HEADING}{name};m;1986\n".encode()
        upload = importing.take(
            group=group, mission=group.mission, file=io.BytesIO(content), name="people of the halt.csv",
            size=len(content), within=Migrant.objects.none(), by=COMMAND, at=NOW,
        )  # fmt: skip
        ManifestUpload.objects.filter(pk=upload.pk).update(
            state=state, rows_total=4000, rows_done=1500, problem="There is a heading and no person below it."
        )
        addresses[name] = f"/manifests/{upload.public_id}/"
    assert faults_of_pages(signed_in, addresses) == {}
