"""A phone is entered at its first contact, listed, and once revoked it is refused and told to wipe, signed in or not."""

from uuid import uuid4

from django.test import Client

from accounts.models import FieldDevice
from common.models import AuditEntry
from partners.enums import Role


def test_a_phone_is_entered_once_and_only_for_its_owner(sign_in, accounts):
    device = uuid4()
    assert Client().post(f"/device/{device}/").json() == {"order": "keep"}
    assert not FieldDevice.objects.exists()  # a stranger enters nothing
    for _ in range(2):
        assert sign_in(Role.FIELD).post(f"/device/{device}/").json() == {"order": "keep"}
    assert FieldDevice.objects.get().user == accounts[Role.FIELD]
    assert sign_in(Role.COORDINATOR).post(f"/device/{device}/").json() == {"order": "rename"}
    assert "in use" in sign_in(Role.FIELD).get("/access/own/devices/").content.decode()


def test_a_revoked_phone_is_refused_told_to_wipe_and_signed_out(sign_in, accounts):
    device, phone = uuid4(), sign_in(Role.FIELD)
    phone.post(f"/device/{device}/")
    sign_in(Role.COORDINATOR).post(f"/access/own/devices/{device}/revoke/")
    assert FieldDevice.objects.get().revoked_at is None  # nobody revokes another's
    sign_in(Role.ADMINISTRATOR).post(f"/access/{accounts[Role.FIELD].public_id}/devices/{device}/revoke/")
    refused = sign_in(Role.FIELD).post(
        "/groups/count/", {}, content_type="application/json", headers={"X-Field-Device": str(device)}
    )
    assert (refused.status_code, refused.json()["order"]) == (410, "wipe")
    assert Client().post(f"/device/{device}/").json() == {"order": "wipe"}
    assert FieldDevice.objects.get().wiped_at is None
    Client().post(f"/device/{device}/?wiped=1")
    assert FieldDevice.objects.get().wiped_at is not None
    assert AuditEntry.objects.filter(verb__in=["device revoked", "device wiped", "sessions ended"]).count() == 3
