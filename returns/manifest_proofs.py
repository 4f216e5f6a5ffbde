"""What a list says of visas, vaccinations, letters and all else that is shown at a barrier: a reader for each kind.

A cell that says no, or nothing, records nothing; one that says what no rule could read is a fault of its row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import countries
from common.sheets import Cell, fold
from corridors.rules.kinds import EscortKind, PermitKind, PurposeKind, VaccineKind
from migrants.entries import ProofEntry
from migrants.enums import ProofKind
from migrants.proofs import ProofError, check_proof
from returns.manifest_cells import Reading, RowError, day_of, folded, is_nothing, is_yes
from returns.manifest_customs import ListCustoms

Words = tuple[tuple[str, tuple[str, ...]], ...]
"""Of each sort how words for it begin, the first that fits."""


def _words(*told: tuple[str, str]) -> Words:
    return tuple((sort, tuple(f" {fold(each)}" for each in words.split(", "))) for sort, words in told)


_BRANDS = ("sputnik", "спутник", "pfizer", "comirnaty", "moderna", "spikevax", "astrazeneca", "vaxzevria", "sinopharm",
           "sinovac", "coronavac", "janssen", "zf2001", "zf uz vac", "qazvac", "qazcovid")  # fmt: skip
_VACCINES = _words(
    (
        VaccineKind.COVID_19,
        f"covid, ковид, коронавирус, корона, کرونا, کووید, {', '.join(_BRANDS)}",
    ),
    (VaccineKind.MEASLES, "measles, mmr, корь, кори, кпк, сурхак, qizamiq, қизамиқ, қызылша, кызылча, سرخک"),
    (VaccineKind.POLIO, "polio, полио, опв, ипв, فلج اطفال"),
    (VaccineKind.YELLOW_FEVER, "yellow fever, желт, табларзаи зард, sariq isitma, сариқ иситма, сары безгек, تب زرد"),
)
_PERMITS = _words(
    (PermitKind.TRANSIT_VISA, "transit, транзит, ترانزیت"),
    (
        PermitKind.RESIDENCE_PERMIT,
        "residence, внж, рвп, вид на жительство, разрешение на проживание, иқомат, yashash, яшаш, اقامت",
    ),
    (PermitKind.ENTRY_PERMIT, "entry, permit, разрешение, иҷозат, рухсат, ruxsat, рұқсат, уруксат, اجازه, مجوز"),
    (PermitKind.VISA, "visa, e-visa, виза, viza, раводид, ویزا, روادید"),
)
_ESCORTS = _words(
    (EscortKind.POLICE, "police, border, полиц, милиц, погран, мвд, полис, militsiya, politsiya, پلیس, پولیس"),
    (
        EscortKind.MEDICAL,
        "medic, doctor, nurse, медиц, врач, фельдшер, духтур, табиб, shifokor, шифокор, дәрігер, доктур, پزشک, داکتر",
    ),
    (EscortKind.CONSULAR, "consul, embassy, консул, посольств, сафорат, konsul, elchi, елші, элчи, کنسول, سفارت"),
    (EscortKind.MISSION, "iom, мом, сбм"),
)
_PURPOSES = _words(
    (
        PurposeKind.RETURN,
        (
            "return, home, going home, возвр, домой, на родину, репатр, бозгашт, ба ватан, ба хона, qaytish, uyga, қайтиш, "
            "уйга, оралу, елге, үйге, кайтуу, үйгө, мекен, بازگشت, وطن"
        ),
    ),
    (PurposeKind.WORK, "work, labour, job, работ, труд, кор, меҳнат, ish, mehnat, иш, жұмыс, еңбек, жумуш, کار"),
    (PurposeKind.STUDY, "stud, учеб, учёб, обуч, таҳсил, o'qish, ўқиш, оқу, окуу, تحصیل"),
    (PurposeKind.FAMILY, "famil, sem, семь, семей, родств, оила, oila, отбасы, үй-бүлө, خانواده, فامیل"),
    (PurposeKind.TREATMENT, "treat, medic, лечен, табобат, davolan, даволан, емделу, дарылан, درمان, تداوی"),
)
_SIGNS = {"$": "USD", "€": "EUR", "₽": "RUB", "₸": "KZT"}
_AMOUNT = re.compile(r"\d[\d\s]*(?:[.,]\d{1,2})?")
_NOT_WHOLE = _("A day of what can be shown at the barrier is not whole, so it stays unknown.")
_NO_COUNTRY = _(
    "The list says that there is a visa or permit, but not of which country, so it was left out. Add a column “Visa country”,"
    " or record it on the page of the person."
)
FIELDS: Mapping[str, tuple[str, ...]] = {
    ProofKind.VACCINATION: ("vaccination", "covid_vaccination", "vaccinated_on", "vaccine_doses"),
    ProofKind.PERMIT: ("permit", "visa", "permit_country", "permit_number", "permit_expires"),
    ProofKind.GUARANTEE_LETTER: ("guarantee_letter", "guarantee_country", "guarantee_expires"),
    ProofKind.REGISTRATION_FORM: ("registration_form",),
    ProofKind.PAYMENT: ("paid_for", "paid_amount"),
    ProofKind.QUARANTINE: ("quarantine_from", "quarantine_until"),
    ProofKind.QUOTA: ("quota_on",),
    ProofKind.ESCORT: ("escort",),
    ProofKind.RESIDENCE: ("residence_country",),
    ProofKind.PURPOSE: ("purpose_of_travel",),
}
"""The columns of each kind; where one has none for what is wrong, the first that the list has is named."""
_PLACES = {
    ("vaccination", "begins_on"): "vaccinated_on",
    ("permit", "country"): "permit_country",
    ("permit", "last_on"): "permit_expires",
    ("guarantee_letter", "last_on"): "guarantee_expires",
    ("payment", "amount"): "paid_amount",
    ("payment", "title"): "paid_for",
    ("quarantine", "last_on"): "quarantine_until",
}
"""Of a kind, and a field of its record, which column holds it."""


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of one row by field, and their text."""

    cells: Mapping[str, Cell]
    text: Mapping[str, str]
    today: date
    customs: ListCustoms
    remarks: list[str]

    def said(self, field: str) -> str:
        """Give what a cell says, "" where it says nothing or no."""
        written = self.text.get(field, "")
        return "" if is_nothing(written) else written

    def day(self, field: str) -> date | None:
        """Give the day in a cell. Raises RowError."""
        reading = Reading(self.today, self.customs.of(field), self.remarks)
        return day_of(self.cells.get(field), field, reading, not_whole=_NOT_WHOLE)

    def country(self, field: str) -> str:
        """Give the code of the country in a cell, "" where there is none. Raises RowError."""
        written = self.said(field)
        code = countries.find(written) if written else ""
        if code is None:
            sentence = _(
                "“%(text)s” is no country that is known here. Write its name in full or its code, such as TJK."
            )
            raise RowError(field, sentence % {"text": written[:40]})
        return code

    def remark(self, sentence: str | Promise) -> None:
        self.remarks.append(str(sentence))


def proof_readers(
    cells: Mapping[str, Cell], text: Mapping[str, str], *, today: date, customs: ListCustoms, remarks: list[str]
) -> list[Callable[[], dict[str, Any]]]:
    """Give a reader for each kind that the list has a column of; each gives `proofs`, or raises RowError."""
    row = _Row(cells, text, today, customs, remarks)
    return [_reader(kind, row) for kind, fields in FIELDS.items() if not cells.keys().isdisjoint(fields)]


def _reader(kind: str, row: _Row) -> Callable[[], dict[str, Any]]:
    def read() -> dict[str, Any]:
        found = list(_READERS[kind](row))
        for proof in found:
            try:
                check_proof(proof, on=row.today)
            except ProofError as error:
                raise RowError(_column(kind, error.field, row), error.sentence) from error
        return {"proofs": found}

    return read


def _column(kind: str, field: str, row: _Row) -> str:
    place = _PLACES.get((kind, field), "")
    return place if place in row.cells else next(each for each in FIELDS[kind] if each in row.cells)


def _sort(written: str, words: Words) -> str:
    folded_words = f" {folded(written)}"
    return next((sort for sort, begun in words if any(each in folded_words for each in begun)), "")


def _vaccinations(row: _Row) -> Iterator[ProofEntry]:
    found, day = _vaccines(row), row.day("vaccinated_on")
    doses = row.said("vaccine_doses").removesuffix(".0")
    if doses and not (doses.isdecimal() and 1 <= int(doses) <= 9):
        raise RowError("vaccine_doses", _("“%(text)s” is no number of doses. Write 1 to 9.") % {"text": doses[:20]})
    if not found and (day or doses):
        raise RowError(
            "vaccinated_on" if day else "vaccine_doses",
            _("Nothing says against what. Add a column “Vaccination”, such as: COVID-19, measles, polio."),
        )
    for sort, brand, on in found:
        yield ProofEntry(
            ProofKind.VACCINATION, sort, title=brand, begins_on=on or day, doses=int(doses) if doses else None
        )


def _vaccines(row: _Row) -> list[tuple[str, str, date | None]]:
    """Give against what somebody is vaccinated, the name of the vaccine and the day, as far as these cells say them."""
    found: list[tuple[str, str, date | None]] = []
    for part in filter(None, re.split(r"\s*[,;/]\s*", row.said("vaccination"))):
        sort = _sort(part, _VACCINES)
        if not sort:
            sentence = _("“%(text)s” does not say against what. Write COVID-19, measles, polio or yellow fever, or no.")
            raise RowError("vaccination", sentence % {"text": part[:40]})
        found.append((sort, _brand(part), None))
    written = row.said("covid_vaccination")
    if not written or any(sort == VaccineKind.COVID_19 for sort, _title, _on in found):
        return found
    if is_yes(written):
        return [*found, (VaccineKind.COVID_19, "", None)]
    if _sort(written, _VACCINES) == VaccineKind.COVID_19:
        return [*found, (VaccineKind.COVID_19, _brand(written), None)]
    return [*found, (VaccineKind.COVID_19, "", row.day("covid_vaccination"))]


def _brand(written: str) -> str:
    return " ".join(written.split())[:80] if any(brand in folded(written) for brand in _BRANDS) else ""


def _permits(row: _Row) -> Iterator[ProofEntry]:
    field = "permit" if row.said("permit") or "visa" not in row.cells else "visa"
    written, country = row.said(field), row.country("permit_country")
    number, last_on = row.said("permit_number"), row.day("permit_expires")
    if not written and (number or last_on) and (row.text.get("permit") or row.text.get("visa")):
        sentence = _("The list says that there is none and gives a number or a day. Correct one of the two.")
        raise RowError(field, sentence)
    if not (written or number or last_on):
        return
    sort = _sort(written, _PERMITS)
    if not sort and written and not is_yes(written):
        of_country = countries.find(written)
        if of_country is None:
            sentence = _(
                "“%(text)s” is no permit that is known here. Write visa, transit visa, entry permit, residence permit or no."
            )
            raise RowError(field, sentence % {"text": written[:40]})
        country, sort = country or of_country, PermitKind.VISA
    if not sort:
        sort = PermitKind.VISA
        if field not in row.cells or field == "permit":
            row.remark(_("Which permit it is is not written; it is taken for a visa."))
    if country:
        yield ProofEntry(ProofKind.PERMIT, sort, country=country, number=number[:60], last_on=last_on)
    else:  # whoever stands at the barrier is written down all the same; a visa of no country opens none
        row.remark(_NO_COUNTRY)


def _guarantees(row: _Row) -> Iterator[ProofEntry]:
    written = row.said("guarantee_letter")
    country, last_on = row.country("guarantee_country"), row.day("guarantee_expires")
    if not written and (row.text.get("guarantee_letter") or not (country or last_on)):
        return
    said, is_numbered = "" if is_yes(written) else written, any(map(str.isdigit, written))
    yield ProofEntry(
        ProofKind.GUARANTEE_LETTER,
        country=country,
        number=said[:60] if is_numbered else "",
        authority="" if is_numbered else said[:60],
        last_on=last_on,
    )


def _forms(row: _Row) -> Iterator[ProofEntry]:
    written = row.said("registration_form")
    if written:
        yield ProofEntry(ProofKind.REGISTRATION_FORM, title="" if is_yes(written) else written[:80])


def _payments(row: _Row) -> Iterator[ProofEntry]:
    written, paid = row.said("paid_for"), row.said("paid_amount")
    if not (written or paid):
        return
    found = _AMOUNT.search(paid)
    if paid and (found is None or Decimal(_plain(found[0])) > 9_999_999):
        raise RowError(
            "paid_amount", _("“%(text)s” is no amount. Write it with its currency: 20 USD.") % {"text": paid[:40]}
        )
    letters = re.search(r"[A-Z]{3}", paid)
    currency = letters[0] if letters else next((code for sign, code in _SIGNS.items() if sign in paid), "")
    amount = Decimal(_plain(found[0])) if found else None
    title = "" if is_yes(written) else written[:80]
    yield ProofEntry(ProofKind.PAYMENT, title=title, amount=amount, currency=currency)


def _plain(amount: str) -> str:
    return re.sub(r"\s", "", amount).replace(",", ".")


def _quarantines(row: _Row) -> Iterator[ProofEntry]:
    first, last = row.day("quarantine_from"), row.day("quarantine_until")
    if first or last:
        yield ProofEntry(ProofKind.QUARANTINE, begins_on=first, last_on=last)


def _quotas(row: _Row) -> Iterator[ProofEntry]:
    if day := row.day("quota_on"):
        yield ProofEntry(ProofKind.QUOTA, begins_on=day)


def _escorts(row: _Row) -> Iterator[ProofEntry]:
    written = row.said("escort")
    if not written:
        return
    sort = _sort(written, _ESCORTS)
    if not sort:
        sentence = _("“%(text)s” does not say who goes along. Write police, medical staff, consulate or IOM, or no.")
        raise RowError("escort", sentence % {"text": written[:40]})
    yield ProofEntry(ProofKind.ESCORT, sort)


def _residences(row: _Row) -> Iterator[ProofEntry]:
    if country := row.country("residence_country"):
        yield ProofEntry(ProofKind.RESIDENCE, country=country)


def _purposes(row: _Row) -> Iterator[ProofEntry]:
    """What somebody travels for stops nobody: in words that are not known it is told, and nothing is recorded."""
    written = row.said("purpose_of_travel")
    if not written:
        return
    if sort := _sort(written, _PURPOSES):
        yield ProofEntry(ProofKind.PURPOSE, sort)
    else:
        sentence = _("“%(text)s” is no purpose of travel that is known here; it was left out.")
        row.remark(sentence % {"text": written[:40]})


_READERS: Mapping[str, Callable[[_Row], Iterator[ProofEntry]]] = {
    ProofKind.VACCINATION: _vaccinations,
    ProofKind.PERMIT: _permits,
    ProofKind.GUARANTEE_LETTER: _guarantees,
    ProofKind.REGISTRATION_FORM: _forms,
    ProofKind.PAYMENT: _payments,
    ProofKind.QUARANTINE: _quarantines,
    ProofKind.QUOTA: _quotas,
    ProofKind.ESCORT: _escorts,
    ProofKind.RESIDENCE: _residences,
    ProofKind.PURPOSE: _purposes,
}
