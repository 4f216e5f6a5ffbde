"""The columns of a list as border offices, carriers and missions name them, in English, Russian, Tajik and Uzbek."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VOCABULARY: dict[str, tuple[str, ...]] = {
    "full_name": (
        "full name", "ф.и.о.", "фио", "ф и о", "фамилия имя отчество", "фамилия и имя", "фамилия, имя, отчество",
        "full name as written", "name", "name of person", "ному насаб", "ном ва насаб", "насаб ном номи падар",
        "f.i.sh.", "fish", "ism familiya", "familiya ism", "ism sharif", "to'liq ismi", "аты жөні",
    ),
    "surname": (
        "surname", "surname tg", "last name", "family name", "фамилия", "насаб", "familiya", "familiyasi", "тегі",
    ),
    "given": ("given", "given tg", "given name", "given names", "first name", "имя", "ном", "ism", "ismi", "аты"),
    "patronymic": (
        "patronymic", "patronymic ru", "middle name", "отчество", "номи падар", "otasining ismi", "әкесінің аты",
    ),
    "latin_name": ("name in latin letters", "latin name", "фио латиницей", "ф.и.о. латиницей", "имя латиницей"),
    "latin_surname": ("surname latn", "surname latin", "latin surname", "фамилия латиницей"),
    "latin_given": ("given latn", "given latin", "given name latin", "latin given name", "имя на латинице"),
    "other_surname": ("surname ru", "surname russian", "фамилия по-русски"),
    "other_given": ("given ru", "given russian", "имя по-русски"),
    "sex": ("sex", "gender", "пол", "ҷинс", "jins", "jinsi", "жынысы"),
    "birth_date": (
        "birth date", "date of birth", "dob", "born", "born on", "birthday", "дата рождения", "д.р.", "год рождения",
        "число, месяц, год рождения", "санаи таваллуд", "соли таваллуд", "tug'ilgan sana", "tug'ilgan sanasi",
        "tug'ilgan yili", "туған күні",
    ),
    "nationality": (
        "nationality", "citizenship", "country of nationality", "гражданство", "подданство", "шаҳрвандӣ", "табаият",
        "fuqaroligi", "fuqarolik", "азаматтығы",
    ),
    "document_kind": (
        "document", "document type", "document kind", "kind of document", "type of document", "документ",
        "вид документа", "тип документа", "ҳуҷҷат", "навъи ҳуҷҷат", "hujjat", "hujjat turi", "құжат",
    ),
    "document_number": (
        "document no", "document number", "passport", "passport no", "passport number", "number of document",
        "серия и номер", "серия, номер", "номер документа", "номер паспорта", "паспорт", "№ паспорта", "серия номер",
        "паспортные данные", "рақами шиноснома", "шиноснома", "силсила ва рақам", "pasport", "pasport raqami",
        "seriya va raqami", "құжат нөмірі",
    ),
    "document_expires": (
        "expires", "expires on", "valid until", "valid to", "expiry", "date of expiry", "действителен до",
        "срок действия", "действует до", "эътибор дорад то", "amal qilish muddati", "жарамды",
    ),
    "phone": (
        "phone", "phone number", "telephone", "mobile", "тел.", "телефон", "номер телефона", "контакт", "телефони",
        "рақами телефон", "telefon", "telefon raqami",
    ),
    "family": ("family", "family group", "family code", "семья", "код семьи", "оила", "oila"),
    "remark": (
        "remark", "remarks", "note", "notes", "comment", "comments", "flags", "примечание", "примечания",
        "комментарий", "эзоҳ", "izoh", "ескерту",
    ),
    "ordinal": ("no.", "№", "№ п/п", "n п/п", "п/п", "ref", "row", "р/т", "t/r", "т/р", "нөмір"),
    "age": ("age", "возраст", "синну сол", "yoshi", "жасы"),
}  # fmt: skip
"""Field → how it may be called. `ordinal` and `age` are recognised so that nobody has to ask what they are; not read."""

LABELS: dict[str, str | Promise] = {
    "full_name": _("Full name, as written"),
    "surname": _("Surname"),
    "given": _("Given name"),
    "patronymic": _("Patronymic"),
    "latin_name": _("Full name in Latin letters"),
    "latin_surname": _("Surname in Latin letters"),
    "latin_given": _("Given name in Latin letters"),
    "other_surname": _("Surname in another spelling"),
    "other_given": _("Given name in another spelling"),
    "sex": _("Sex"),
    "birth_date": _("Birth date"),
    "nationality": _("Nationality"),
    "document_kind": _("Kind of document"),
    "document_number": _("Document number"),
    "document_expires": _("Document valid until"),
    "phone": _("Phone"),
    "family": _("Family"),
    "remark": _("Remark"),
}
"""What a person may choose when a column was not recognised."""


def names_somebody(columns: Mapping[str, int]) -> bool:
    """Tell whether the columns hold a name: a list without one cannot be read."""
    return bool({"full_name", "surname", "given", "latin_name", "latin_surname"} & set(columns))
