"""People: looking one up, the people of a group, and the page of one person."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Func, Q, TextField, Value
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from common import clock, countries, limits
from migrants.enums import DocumentState
from migrants.models import Merge, Migrant, PersonName, TravelGroup
from migrants.models.people import MigrantQuerySet
from migrants.names import scripts, word_keys
from migrants.scope import within_missions
from migrants.searching import MOST, search
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns import person_findings, person_history
from returns.forms.people import LANGUAGES
from returns.forms.people_acts import DisclosureForm
from returns.owed import enquiries_to_answer
from returns.pair_queue import open_pairs
from returns.people_lines import claim_words, days_of, found_lines, line_of, lines_of
from returns.proof_lines import lines_of as lines_of_proofs
from returns.views.aftercare import aftercare_of
from returns.views.elsewhere import may_look_elsewhere
from returns.views.group_head import head_of, visible_group
from returns.views.opening import closed_of
from returns.views.person_head import scope_of, seen, visible_person, zones_at

PAGE, OF_GROUP = 50, 2000
SCRIPTS = {"Cyrl": gettext_lazy("Cyrillic"), "Latn": gettext_lazy("Latin"), "Arab": gettext_lazy("Arabic")}


@require_GET
@door(Permission.SEE_PEOPLE)
def people(request: SignedInRequest) -> HttpResponse:
    """Look somebody up by number, document, phone or name, the likeliest first, each with why it is found.

    At most 20, each written into the access log. The code of a group leads to its page.
    """
    asked, at = _asked(request), clock.now()
    group = TravelGroup.objects.visible_to(request.viewer).filter(code__iexact=asked).first()
    if group is not None:
        return redirect("returns:group", group.public_id)
    found = found_lines(search(asked=asked, within=scope_of(request.viewer)), at=at)
    seen(request, [line.public_id for line in found], at=at)
    may_decide = request.viewer.may(Permission.REGISTER_PEOPLE)
    context = {
        "asked": asked,
        "lines": found,
        "may_decide": may_decide,
        "open_pairs": open_pairs(request.viewer).count() if may_decide else 0,
        "most": MOST,
        "may_look_elsewhere": may_look_elsewhere(request.viewer),
        "enquiries_wait": enquiries_to_answer(request.viewer).count() if asked == "" else 0,
    }
    return render(request, "returns/people/search.html", context)


def _asked(request: SignedInRequest) -> str:
    """What is looked for; nobody looks so often that the register could be walked through."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    if asked:
        limits.count("search", limits.who(request))
        limits.count("search_day", limits.who(request))
    return asked


def _search_group(within: MigrantQuerySet, asked: str) -> MigrantQuerySet:
    """The same in one group, where one name alone in another spelling is looked for too: elsewhere it fits thousands."""
    match = Q(pk__in=[found.pk for found in search(asked=asked, within=within, most=OF_GROUP, compared=OF_GROUP)])
    single = word_keys(asked)
    if len(single) == 1:
        within = within.annotate(said=Func("name_keys", Value(" "), function="array_to_string", output_field=_TEXT))
        match |= Q(said__regex=rf"(^| ){re.escape(next(iter(single)))}( |$)")
    return within.filter(match).order_by("sort_key", "pk")


_TEXT = TextField()


@require_GET
@door(Permission.SEE_PEOPLE)
def group_people(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The people of a group in the order of their names, all or those sought; keyset pages of 50.

    A page begins behind a number, so that no name stands in an address.
    """
    at, group, asked = clock.now(), visible_group(request.viewer, public_id), _asked(request)
    everybody = group.people.living_records()
    rows = _search_group(everybody, asked) if asked else everybody
    last = everybody.filter(number=request.GET.get("after", "")[:12]).values("sort_key", "pk").first()
    if last is not None:
        rows = rows.filter(Q(sort_key__gt=last["sort_key"]) | Q(sort_key=last["sort_key"], pk__gt=last["pk"]))
    page = list(rows.order_by("sort_key", "pk").values_list("pk", "number")[: PAGE + 1])
    shown = [pk for pk, _number in page[:PAGE]]
    lines = lines_of(Migrant.objects.filter(pk__in=shown).order_by("sort_key", "pk"), at=at)
    seen(request, [line.public_id for line in lines], at=at)
    after = page[PAGE - 1][1] if len(page) > PAGE else ""
    context = head_of(group, viewer=request.viewer, at=at, tab="people") | {
        "lines": lines,
        "asked": asked,
        "after": after,
        "next_url": "?" + urlencode({"q": asked, "after": after} if asked else {"after": after}) if after else "",
        "may_consent": request.viewer.may(Permission.RECORD_CONSENT),
    }
    return render(request, "returns/people/group.html", context)


@require_GET
@door(Permission.SEE_PEOPLE)
def person(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is known of one person, and what is still to be done. Holds, their number and reasons are not part of it."""
    kept = _merged_into(request.viewer, public_id)
    if kept is not None:
        return redirect("returns:person", kept.public_id)
    at, row, viewer = clock.now(), visible_person(request.viewer, public_id), request.viewer
    family = _family(row, at=at)
    seen(request, [row.public_id, *(line.public_id for line in family)], at=at)
    documents = sorted(row.documents.all(), key=lambda each: (each.state == DocumentState.REPLACED, -each.pk))
    context = {
        "person": row,
        "line": line_of(row, on=at.date()),
        "zones": zones_at(row),
        "known": _known(row),
        "closed": closed_of(row),
        "earlier": [{"until": claim.replaced_at, "words": claim_words(claim)} for claim in row.earlier_claims.all()],
        "documents": documents,
        "replaceable": next((each for each in documents if each.state != DocumentState.REPLACED), None),
        "consents": row.consents.select_related("recipient"),
        "disclosures": row.disclosures.select_related("recipient").order_by("-valid_from"),
        "tests": row.tests.all(),
        "proofs": lines_of_proofs(row.proofs.all()),
        "group_proofs": lines_of_proofs(row.group.proofs.standing()) if row.group else [],
        "family": family,
        "merges": Merge.objects.filter(kept=row, undone_at__isnull=True).select_related("absorbed"),
        "pairs": open_pairs(viewer).filter(Q(first=row) | Q(second=row)) if viewer.may(_REGISTER) else (),
        "entries": person_history.of_person(row, most=40),
        "at": at,
        "disclosure_form": DisclosureForm(),
        **_case(viewer, row, at=at),
        **aftercare_of(row, at=at),
        **_allowed(viewer),
    }
    return render(request, "returns/people/person.html", context)


_REGISTER = Permission.REGISTER_PEOPLE


def _allowed(viewer: Viewer) -> dict[str, bool]:
    return {
        "may_register": viewer.may(_REGISTER),
        "may_consent": viewer.may(Permission.RECORD_CONSENT),
        "may_give_access": viewer.may(Permission.GIVE_ACCESS),
        "may_protect": viewer.may(Permission.SEE_PROTECTION),
        "may_look_elsewhere": may_look_elsewhere(viewer),
    }


def _merged_into(viewer: Viewer, public_id: uuid.UUID) -> Migrant | None:
    """Give the record into which this one was merged, where the viewer may see that one; None for any other."""
    rows = within_missions(Migrant.objects.all(), viewer, crossing="group__crossing__code")
    row = rows.filter(public_id=public_id, merged_into__isnull=False).select_related("merged_into").first()
    while row is not None and row.merged_into is not None:
        row = row.merged_into
    if row is None:
        return None
    kept = scope_of(viewer).filter(pk=row.pk).first()
    if kept is None:
        raise Http404
    return kept


def _known(row: Migrant) -> list[tuple[str, Any]]:
    """Every name in its script, then what else is known; nationalities with how sure each is."""
    names = [(row.full_name, _("Name as written")), (row.latin_name, _("In Latin letters"))]
    names += [(name.full_name, _name_words(name)) for name in row.names.all()]
    said = {name: label for name, label in reversed(names) if name}
    pairs: list[tuple[str, Any]] = [
        (label if name == row.latin_name != row.full_name else _named(label, name), name)
        for name, label in reversed(said.items())
    ]
    nationalities = [f"{countries.name(each.code)}, {each.get_status_display()}" for each in row.nationalities.all()]
    parts = [
        (_("Surname"), row.surname),
        (_("Given names"), row.given_names),
        (_("Father’s name"), row.father_name),
    ]
    pairs += [(label, part) for label, part in parts if part]
    return [*pairs, (_("Nationality"), "; ".join(nationalities) or "–"), (_("Language"), _languages(row))]


def _languages(row: Migrant) -> str:
    spoken = [str(dict(LANGUAGES).get(code, code)) for code in (row.language, *row.other_languages) if code]
    if row.needs_interpreter is not None:
        spoken.append(_("needs an interpreter") if row.needs_interpreter else _("needs no interpreter"))
    return ", ".join(spoken) or "–"


def _name_words(name: PersonName) -> str:
    """What kind of name it is, with its days: "former, … – 2016-04-29"."""
    return ", ".join(filter(None, (str(name.get_kind_display()), days_of(name))))


def _named(label: str, name: str) -> str:
    words = [str(SCRIPTS[code]) for code in sorted(scripts(name)) if code in SCRIPTS]
    return f"{label[:1].upper()}{label[1:]} ({', '.join(words)})" if words else label


def _family(row: Migrant, *, at: datetime) -> list[Any]:
    """Give the others of the same family."""
    if row.family is None:
        return []
    return lines_of(row.family.people.living_records().exclude(pk=row.pk).order_by("sort_key", "pk"), at=at)


def _case(viewer: Viewer, row: Migrant, *, at: datetime) -> Mapping[str, Any]:
    """What is asked of the person at the barrier, worst first, with the page on which each is put right."""
    judged = person_findings.of_person(row, zone=ZoneInfo(zones_at(row)[0]), at=at)
    addresses = {
        "documents": (_REGISTER, "document_new", _("Record a document")),
        "test": (_REGISTER, "test_new", _("Record a test")),
        "proof": (_REGISTER, "proof_new", _("Record it")),
        "consent": (Permission.RECORD_CONSENT, "consent_new", _("Record consent")),
        "child": (Permission.DECIDE_PROTECTION, "child_arrange", _("Arrange for the child")),
        "protection": (Permission.SEE_PROTECTION, "person_protection", _("Open the protection page")),
        "plan": (Permission.PLAN_CROSSINGS, "group_plan", _("Agree on an hour")),
    }
    steps: list[dict[str, Any]] = []
    for finding in judged.findings:
        may, name, words = addresses.get(finding.step, (None, "", ""))
        is_open = may is not None and finding.stands_in_the_way and viewer.may(may)
        about = row.group if finding.step == "plan" and row.group else row
        url = reverse(f"returns:{name}", args=[about.public_id]) if is_open else ""
        steps.append({"finding": finding, "url": url, "words": words})
    worst = next((step for step in steps if step["finding"].stands_in_the_way), None)
    return {"judged": judged, "findings": steps, "worst": worst}
