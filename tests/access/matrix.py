"""Who may open what: one row for each address, and nothing is open that has no row.

`ANYBODY` needs no account; `SIGNED_IN` needs one, of whatever role; `STAFF` one of the house, and all others get 404, strangers
too; `NOBODY` is 404 for everybody here. Otherwise the roles listed may, and every other role gets 404, as if the page did not
exist; a stranger is sent to sign in.
Who may use the API is derived from these rows, in `tests/api/test_matrix.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from partners.enums import Role

ANYBODY: Literal["anybody"] = "anybody"
SIGNED_IN: Literal["signed in"] = "signed in"
STAFF: Literal["staff"] = "staff"
NOBODY: Literal["nobody"] = "nobody"
CASEWORK = frozenset({Role.FIELD, Role.COORDINATOR, Role.PROTECTION})
COORDINATION = frozenset({Role.COORDINATOR})
ROAD = frozenset({Role.FIELD, Role.COORDINATOR})
PROTECTION = frozenset({Role.PROTECTION})
BOARD = CASEWORK | {Role.PROGRAMME}
RELIEF = frozenset({Role.FIELD, Role.COORDINATOR})
MONEY = COORDINATION | {Role.PROGRAMME}
DIRECTORY = CASEWORK | {Role.ADMINISTRATOR}
ACCOUNTS = frozenset({Role.ADMINISTRATOR})
OVERSIGHT = frozenset({Role.DATA_PROTECTION})
ERASING = frozenset({Role.DATA_PROTECTION, Role.COORDINATOR, Role.PROTECTION})
QUARANTINE = frozenset({Role.DATA_PROTECTION, Role.ADMINISTRATOR})
OUTSIDE = frozenset({Role.CONSULAR, Role.LIAISON})
CONSULAR = frozenset({Role.CONSULAR})
RECIPIENT = frozenset({Role.LIAISON})
"""The liaison officer of the organisation that the notice is for; the consular officer serves another."""


@dataclass(frozen=True)
class Row:
    """`who` may; `thing` of the world fills the parameters; `acts` marks addresses that take only POST."""

    who: frozenset[Role] | Literal["anybody", "signed in", "staff", "nobody"]
    thing: str = ""
    acts: bool = False


MATRIX: dict[str, Row] = {
    "account_inactive": Row(ANYBODY),
    "account_login": Row(ANYBODY),
    "account_logout": Row(ANYBODY),
    "account_reset_password": Row(ANYBODY),
    "account_reset_password_done": Row(ANYBODY),
    "account_reset_password_from_key": Row(ANYBODY, "key"),
    "account_reset_password_from_key_done": Row(ANYBODY),
    "account_second_factor_new": Row(ANYBODY),
    "mfa_authenticate": Row(ANYBODY),
    "mfa_login_webauthn": Row(ANYBODY),
    "partners:single_sign_on": Row(NOBODY, "no_provider"),
    "partners:single_sign_on_back": Row(NOBODY, "no_provider"),
    "account_change_password": Row(SIGNED_IN),
    "account_end_other_sign_ins": Row(SIGNED_IN, acts=True),
    "account_end_sign_in": Row(SIGNED_IN, "sign_in", acts=True),
    "account_reauthenticate": Row(SIGNED_IN),
    "mfa_activate_totp": Row(SIGNED_IN),
    "mfa_add_webauthn": Row(SIGNED_IN),
    "mfa_deactivate_totp": Row(SIGNED_IN),
    "mfa_generate_recovery_codes": Row(SIGNED_IN),
    "mfa_index": Row(SIGNED_IN),
    "mfa_reauthenticate": Row(SIGNED_IN),
    "mfa_reauthenticate_webauthn": Row(SIGNED_IN),
    "mfa_remove_webauthn": Row(SIGNED_IN, "passkey"),
    "mfa_view_recovery_codes": Row(SIGNED_IN),
    "common:count_worker": Row(ANYBODY),
    "common:gallery": Row(STAFF),
    "common:robots": Row(ANYBODY),
    "common:security_txt": Row(ANYBODY),
    "corridors:corridor": Row(BOARD, "corridor"),
    "corridors:corridor_new": Row(COORDINATION),
    "corridors:corridors": Row(BOARD),
    "corridors:crossing": Row(BOARD, "crossing"),
    "corridors:crossings": Row(BOARD),
    "corridors:decision": Row(ANYBODY, "deciding token"),
    "corridors:decision_on_behalf": Row(COORDINATION, "approval of the corridor"),
    "corridors:own_request": Row(RECIPIENT, "approval"),
    "corridors:own_requests": Row(OUTSIDE),
    "corridors:requirement": Row(BOARD, "requirement"),
    "corridors:requirements": Row(BOARD),
    "corridors:version_ask": Row(COORDINATION, "corridor version"),
    "corridors:version_edit": Row(COORDINATION, "corridor draft"),
    "corridors:version_new": Row(COORDINATION, "corridor"),
    "corridors:version_resume": Row(COORDINATION, "corridor version", acts=True),
    "corridors:version_suspend": Row(COORDINATION, "corridor version", acts=True),
    "healthz": Row(ANYBODY),
    "notifications:alert": Row(CASEWORK, "alert"),
    "notifications:alert_message": Row(CASEWORK, "alert"),
    "notifications:alert_panel": Row(CASEWORK, "alert"),
    "notifications:alerts": Row(CASEWORK),
    "notifications:call": Row(COORDINATION, "notice"),
    "notifications:call_log": Row(COORDINATION),
    "notifications:calls": Row(COORDINATION),
    "notifications:confirm": Row(COORDINATION, "notice of the alert", acts=True),
    "notifications:institution": Row(COORDINATION, "institution"),
    "notifications:link": Row(ANYBODY, "token"),
    "notifications:notice": Row(CASEWORK, "notice of the alert"),
    "notifications:own": Row(OUTSIDE),
    "notifications:own_notice": Row(RECIPIENT, "notice"),
    "partners:account": Row(ACCOUNTS, "account"),
    "partners:account_end": Row(ACCOUNTS, "account", acts=True),
    "partners:account_switch": Row(ACCOUNTS, "account", acts=True),
    "partners:accounts": Row(ACCOUNTS),
    "partners:acts": Row(OVERSIGHT),
    "partners:chain": Row(OVERSIGHT),
    "partners:change": Row(OVERSIGHT, "change"),
    "partners:changes": Row(OVERSIGHT),
    "partners:device": Row(ANYBODY, "device", acts=True),
    "partners:device_revoke": Row(ACCOUNTS, "device of the account", acts=True),
    "partners:emergencies": Row(OVERSIGHT),
    "partners:emergency": Row(OVERSIGHT, "emergency"),
    "partners:invitation": Row(ANYBODY, "invitation"),
    "partners:invitation_resend": Row(ACCOUNTS, "invited account", acts=True),
    "partners:invitation_withdraw": Row(ACCOUNTS, "invited account", acts=True),
    "partners:invite": Row(ACCOUNTS),
    "partners:looks": Row(OVERSIGHT),
    "partners:organisation": Row(DIRECTORY, "organisation"),
    "partners:organisations": Row(DIRECTORY),
    "partners:quarantine": Row(QUARANTINE),
    "partners:quarantine_destroy": Row(QUARANTINE, "quarantined", acts=True),
    "partners:own_device_revoke": Row(frozenset(Role), "device", acts=True),
    "partners:own_devices": Row(frozenset(Role)),
    "partners:own_token_end": Row(frozenset(Role), "token of the API", acts=True),
    "partners:own_tokens": Row(frozenset(Role)),
    "partners:policy": Row(ACCOUNTS | OVERSIGHT),
    "partners:role_end": Row(ACCOUNTS, "membership", acts=True),
    "partners:second_factor_reset": Row(ACCOUNTS, "account", acts=True),
    "partners:sessions_end": Row(ACCOUNTS, "account", acts=True),
    "partners:token_end": Row(ACCOUNTS, "token of the account", acts=True),
    "partners:why": Row(ACCOUNTS | OVERSIGHT),
    "readyz": Row(ANYBODY),
    "returns:access_find": Row(OVERSIGHT),
    "returns:aid_new": Row(RELIEF, "need"),
    "returns:arrival": Row(CONSULAR, "arrival"),
    "returns:board": Row(SIGNED_IN),
    "returns:board_panel": Row(BOARD),
    "returns:case_list": Row(CASEWORK),
    "returns:change": Row(COORDINATION, "draft"),
    "returns:change_again": Row(COORDINATION, "draft", acts=True),
    "returns:change_new": Row(COORDINATION),
    "returns:change_publish": Row(COORDINATION, "draft", acts=True),
    "returns:child_arrange": Row(PROTECTION, "person"),
    "returns:consent_new": Row(CASEWORK, "person"),
    "returns:consent_withdraw": Row(CASEWORK, "consent", acts=True),
    "returns:count": Row(CASEWORK),
    "returns:disclosure_new": Row(CASEWORK, "person", acts=True),
    "returns:document_new": Row(CASEWORK, "person"),
    "returns:document_none": Row(CASEWORK, "person", acts=True),
    "returns:document_state": Row(CASEWORK, "document"),
    "returns:erasure": Row(ERASING, "erasure request"),
    "returns:erasures": Row(ERASING),
    "returns:export": Row(OVERSIGHT, "export"),
    "returns:export_check": Row(CASEWORK | OVERSIGHT),
    "returns:exports": Row(CASEWORK | OVERSIGHT),
    "returns:emergency": Row(ROAD),
    "returns:emergency_end": Row(frozenset(), "emergency", acts=True),  # whoever opened it alone
    "returns:frozen_manifest": Row(CASEWORK, "frozen manifest"),
    "returns:frozen_manifest_paper": Row(CASEWORK, "frozen manifest"),
    "returns:group": Row(CASEWORK, "group"),
    "returns:group_close": Row(CASEWORK, "group"),
    "returns:group_consent": Row(CASEWORK, "group"),
    "returns:group_families": Row(CASEWORK, "group"),
    "returns:group_join": Row(CASEWORK, "group"),
    "returns:group_move": Row(CASEWORK, "group"),
    "returns:group_move_undo": Row(CASEWORK, "move of the group"),
    "returns:group_needs": Row(CASEWORK, "group"),
    "returns:group_new": Row(CASEWORK),
    "returns:group_open_cases": Row(CASEWORK, "group", acts=True),
    "returns:group_people": Row(CASEWORK, "group"),
    "returns:group_plan": Row(COORDINATION, "group"),
    "returns:group_readiness": Row(CASEWORK, "group"),
    "returns:group_samples": Row(RELIEF, "group"),
    "returns:group_screening": Row(PROTECTION, "group"),
    "returns:group_share": Row(CASEWORK, "group"),
    "returns:group_tell": Row(CASEWORK, "group"),
    "returns:group_timeline": Row(CASEWORK, "group"),
    "returns:group_waive": Row(COORDINATION, "group"),
    "returns:groups": Row(CASEWORK),
    "returns:halts": Row(OUTSIDE),
    "returns:hold_clear": Row(PROTECTION, "hold"),
    "returns:hold_new": Row(PROTECTION, "person"),
    "returns:incoming": Row(CONSULAR),
    "returns:infection_decide": Row(COORDINATION, "question", acts=True),
    "returns:kept_back": Row(CASEWORK, "group"),
    "returns:late_result_take_up": Row(PROTECTION, "late result"),
    "returns:late_results": Row(PROTECTION),
    "returns:legal_hold_lift": Row(OVERSIGHT, "legal hold"),
    "returns:legal_holds": Row(OVERSIGHT),
    "returns:manifest": Row(CASEWORK, "upload"),
    "returns:manifest_columns": Row(CASEWORK, "upload to settle", acts=True),
    "returns:manifest_confirm": Row(CASEWORK, "upload to settle", acts=True),
    "returns:manifest_discard": Row(CASEWORK, "upload to settle", acts=True),
    "returns:manifest_errors": Row(CASEWORK, "upload"),
    "returns:manifest_upload": Row(CASEWORK, "group"),
    "returns:merge": Row(CASEWORK, "merge"),
    "returns:movement": Row(CASEWORK, "movement"),
    "returns:movement_boarding": Row(ROAD, "movement"),
    "returns:movement_call_off": Row(COORDINATION, "movement", acts=True),
    "returns:movement_close": Row(COORDINATION, "movement", acts=True),
    "returns:movement_count": Row(ROAD, "movement"),
    "returns:movement_explain": Row(ROAD, "checkpoint"),
    "returns:movement_figures": Row(CASEWORK, "movement", acts=True),
    "returns:movement_freeze": Row(COORDINATION, "movement", acts=True),
    "returns:movement_leave_out": Row(COORDINATION, "movement", acts=True),
    "returns:movement_new": Row(COORDINATION, "group", acts=True),
    "returns:movement_propose": Row(COORDINATION, "movement", acts=True),
    "returns:movement_report": Row(CASEWORK, "movement"),
    "returns:movement_seats": Row(COORDINATION, "movement"),
    "returns:movement_step_down": Row(ROAD, "seat", acts=True),
    "returns:movement_vehicles": Row(COORDINATION, "movement", acts=True),
    "returns:movements": Row(CASEWORK),
    "returns:need": Row(BOARD, "need"),
    "returns:need_ask": Row(MONEY, "group", acts=True),
    "returns:need_close": Row(MONEY, "need", acts=True),
    "returns:need_new": Row(MONEY | RELIEF, "group"),
    "returns:needs": Row(BOARD),
    "returns:needs_from_count": Row(RELIEF, "group"),
    "returns:pair_decide": Row(CASEWORK, "pair"),
    "returns:pairs": Row(CASEWORK),
    "returns:people": Row(CASEWORK),
    "returns:person": Row(CASEWORK, "person"),
    "returns:person_access": Row(ERASING, "person"),
    "returns:person_alone": Row(CASEWORK, "person"),
    "returns:person_correct": Row(CASEWORK, "person"),
    "returns:person_declaration": Row(CASEWORK, "person"),
    "returns:person_declaration_paper": Row(CASEWORK, "person", acts=True),
    "returns:person_from_passport": Row(CASEWORK, "group", acts=True),
    "returns:person_new": Row(CASEWORK, "group"),
    "returns:person_picture": Row(frozenset(), "picture"),  # for whom its page has signed the address alone
    "returns:person_pictures": Row(CASEWORK, "person"),
    "returns:person_protection": Row(PROTECTION, "person"),
    "returns:referral_close": Row(PROTECTION, "referral"),
    "returns:referral_new": Row(PROTECTION, "screening"),
    "returns:retention": Row(OVERSIGHT),
    "returns:retention_period": Row(OVERSIGHT, "retention period"),
    "returns:sample_file": Row(RELIEF, "sample file"),
    "returns:sample_list": Row(RELIEF, "samples"),
    "returns:sample_results": Row(RELIEF, "samples"),
    "returns:sample_sheet": Row(RELIEF, "samples"),
    "returns:sample_upload": Row(RELIEF, "samples", acts=True),
    "returns:samples_take": Row(RELIEF, "samples", acts=True),
    "returns:screening_new": Row(PROTECTION, "person"),
    "returns:test_new": Row(CASEWORK, "person"),
    "returns:vehicle_remove": Row(COORDINATION, "vehicle", acts=True),
}
