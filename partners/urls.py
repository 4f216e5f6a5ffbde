"""Addresses of this app."""

from django.urls import path

from partners.views import (
    accounts,
    devices,
    directory,
    emergencies,
    history,
    invitations,
    oversight,
    policy,
    quarantine,
    single_sign_on,
    tokens,
)

app_name = "partners"
urlpatterns = [
    path("access/", accounts.account_list, name="accounts"),
    path("access/invite/", accounts.invite, name="invite"),
    path("access/own/devices/", devices.own_devices, name="own_devices"),
    path("access/own/devices/<uuid:device_id>/revoke/", devices.own_device_revoke, name="own_device_revoke"),
    path("access/<uuid:public_id>/devices/<uuid:device_id>/revoke/", devices.device_revoke, name="device_revoke"),
    path("device/<uuid:device_id>/", devices.contact, name="device"),
    path("access/own/tokens/", tokens.own_tokens, name="own_tokens"),
    path("access/own/tokens/<uuid:token_id>/end/", tokens.own_token_end, name="own_token_end"),
    path("access/<uuid:public_id>/tokens/<uuid:token_id>/end/", tokens.token_end, name="token_end"),
    path("access/<uuid:public_id>/", accounts.account, name="account"),
    path("access/<uuid:public_id>/end/", accounts.account_end, name="account_end"),
    path("access/<uuid:public_id>/switch/", accounts.account_switch, name="account_switch"),
    path("access/<uuid:public_id>/sessions/end/", accounts.sessions_end, name="sessions_end"),
    path("access/<uuid:public_id>/second-factor/reset/", accounts.second_factor_reset, name="second_factor_reset"),
    path("access/<uuid:public_id>/invitation/send/", accounts.invitation_resend, name="invitation_resend"),
    path("access/<uuid:public_id>/invitation/withdraw/", accounts.invitation_withdraw, name="invitation_withdraw"),
    path("access/<uuid:public_id>/roles/<uuid:membership_id>/end/", accounts.role_end, name="role_end"),
    path("emergencies/", emergencies.emergency_list, name="emergencies"),
    path("emergencies/<uuid:public_id>/", emergencies.emergency, name="emergency"),
    path("accounts/single-sign-on/<slug:code>/", single_sign_on.begin, name="single_sign_on"),
    path("accounts/single-sign-on/<slug:code>/back/", single_sign_on.back, name="single_sign_on_back"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("acts/", oversight.acts, name="acts"),
    path("acts/looks/", oversight.looks, name="looks"),
    path("acts/history/", history.change_list, name="changes"),
    path("acts/history/<int:number>/", history.change, name="change"),
    path("acts/seals/", history.chain_state, name="chain"),
    path("quarantine/", quarantine.quarantined, name="quarantine"),
    path("quarantine/<uuid:public_id>/destroy/", quarantine.quarantined_destroy, name="quarantine_destroy"),
    path("policy/", policy.policy, name="policy"),
    path("policy/why/", policy.why, name="why"),
    path("organisations/", directory.organisation_list, name="organisations"),
    path("organisations/<uuid:public_id>/", directory.organisation, name="organisation"),
]
