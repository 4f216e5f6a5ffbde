"""Memory of a running stack and weight of its pages, as a person's machine and telephone line feel them."""

import http.client
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import brotli

MEMORY_MEGABYTES = 450
"""What the whole stack may take (proportional set size)."""


def report(
    address: str,
    *,
    root_pid: int,
    pages_file: Path,
    say: Callable[[str], None],
    memory_limit: float = MEMORY_MEGABYTES,
) -> bool:
    """Says memory by program and weight by page, one line each, and returns True if all keep their limits.

    `pages_file`, when there is one, lists what to weigh besides the sign-in page:
    `[{"name": …, "path": …, "cookies": {…}, "first_kb": …, "later_kb": …}, …]`; the last two are limits, in 1000 bytes.
    """
    sizes = memory(root_pid)
    parts = ", ".join(f"{name} {size:.0f}" for name, size in sorted(sizes.items(), key=lambda item: -item[1]))
    total = sum(sizes.values())
    kept = [total <= memory_limit]
    say(f"{_verdict(kept[0])} memory {total:.0f} MB PSS of {memory_limit:.0f} ({parts})")
    pages: list[dict[str, Any]] = [{"name": "sign-in", "path": "/accounts/login/"}]
    if pages_file.exists():
        pages += json.loads(pages_file.read_text())
    for page in pages:
        weight = weigh(urljoin(address, page["path"]), page.get("cookies", {}))
        light = weight.within(first_kb=page.get("first_kb"), later_kb=page.get("later_kb"))
        kept.append(light)
        first, later = _of(weight.first, page.get("first_kb")), _of(weight.later, page.get("later_kb"))
        say(f"{_verdict(light)} page {page['name']}: first visit {first}, later {later}, {len(weight.parts)} files")
    return all(kept)


def _verdict(kept: bool) -> str:
    return "ok  " if kept else "FAIL"


def _of(size: int, limit: float | None) -> str:
    return f"{size / 1000:.1f} KB" + ("" if limit is None else f" of {limit:g}")


def memory(root_pid: int) -> dict[str, float]:
    """Returns proportional set sizes in MB of a process and all below it, added up by program."""
    parents, names = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            before, _, after = (folder / "stat").read_text().rpartition(")")
        except OSError:
            continue  # it has just ended
        parents[int(folder.name)] = int(after.split()[1])
        names[int(folder.name)] = label(folder, before.partition("(")[2])
    sizes: dict[str, float] = {}
    for pid in below(root_pid, parents):
        name = "launcher" if pid == root_pid else names[pid]
        sizes[name] = sizes.get(name, 0) + proportional_size(pid)
    return sizes


def label(folder: Path, program: str) -> str:
    """Names a process by what it does in the stack."""
    try:
        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return program
    known = {
        "postgres": "postgres",
        "valkey-server": "valkey",
        "deploy.local.product": program if program in ("web", "worker", "live") else "product",
    }
    return next((name for part, name in known.items() if part in command), program)


def below(root: int, parents: dict[int, int]) -> Iterator[int]:
    """Yields a process and everything that descends from it."""
    yield root
    for pid, parent in parents.items():
        if parent == root:
            yield from below(pid, parents)


def proportional_size(pid: int) -> float:
    """Returns one process's share of memory in MB; pages shared by n processes count 1/n."""
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) / 1024 if found else 0


@dataclass
class Weight:
    """Bytes on the wire, heads included, by file: at the first visit and at the next with a browser's cache."""

    parts: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return sum(first for first, _ in self.parts.values())

    @property
    def later(self) -> int:
        return sum(later for _, later in self.parts.values())

    def within(self, *, first_kb: float | None = None, later_kb: float | None = None) -> bool:
        """True if both visits weigh no more than allowed (in 1000 bytes; None allows anything)."""
        limits = ((self.first, first_kb), (self.later, later_kb))
        return all(limit is None or size <= limit * 1000 for size, limit in limits)


@dataclass(frozen=True)
class Answer:
    """What a server sent for one address."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    transferred: int


def fetch(url: str, headers: dict[str, str]) -> Answer:
    """Gets one address without following redirects and counts what came over the wire."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request("GET", parts._replace(scheme="", netloc="", fragment="").geturl(), headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        head = 15 + len(answer.reason) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        return Answer(answer.status, answer.headers, body, head + len(body))
    finally:
        connection.close()


def weigh(url: str, cookies: dict[str, str]) -> Weight:
    """Fetches a page and everything it loads, twice, as a browser with a cache would."""
    weight = Weight()
    headers = {"Accept-Encoding": "br"}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    waiting = [url]
    while waiting:
        address = waiting.pop()
        if address in weight.parts or urlsplit(address).netloc != urlsplit(url).netloc:
            continue
        answer = fetch(address, headers)
        if answer.status not in (200, 410):  # a link whose time has passed still shows its page, and says so
            raise ValueError(f"{address} answered {answer.status}")
        weight.parts[address] = (answer.transferred, again(address, answer, headers))
        waiting += loads(address, answer)
    return weight


def again(url: str, answer: Answer, headers: dict[str, str]) -> int:
    """Returns the bytes of the same address at the next visit: none while fresh, few when asked whether it changed."""
    control = answer.headers.get("Cache-Control", "")
    age = re.search(r"max-age=(\d+)", control)
    if age and int(age[1]) > 0 and "no-cache" not in control and "no-store" not in control:
        return 0
    asked = dict(headers)
    for kept, sent in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
        if answer.headers.get(kept) and "no-store" not in control:
            asked[sent] = answer.headers[kept]
    return fetch(url, asked).transferred


def loads(url: str, answer: Answer) -> list[str]:
    """Returns the addresses that a browser loads because of what it got."""
    kind = answer.headers.get_content_type()
    if kind not in ("text/html", "text/css", "text/javascript", "application/javascript"):
        return []
    text = decode(answer)
    if kind == "text/html":
        reader = Reader()
        reader.feed(text)
        found = reader.found
    elif kind == "text/css":
        found = re.findall(r"url\(\s*['\"]?([^'\")]+)", text) + re.findall(r"@import\s+['\"]([^'\"]+)", text)
    else:
        found = re.findall(r"(?:^|[\s;])(?:import|export)\b[^'\";]*?['\"](\.{0,2}/[^'\"]+)['\"]", text)
    return [urljoin(url, address).partition("#")[0] for address in found if not address.startswith(("data:", "#"))]


def decode(answer: Answer) -> str:
    """Returns a text as it was before it was packed for the journey."""
    if answer.headers.get("Content-Encoding") == "br":
        return bytes(brotli.decompress(answer.body)).decode()
    return answer.body.decode()


class Reader(HTMLParser):
    """Collects what a page loads by itself: sheets, scripts, pictures, icons."""

    LOADED_LINKS = frozenset({"stylesheet", "icon", "modulepreload", "preload", "manifest", "apple-touch-icon"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        loaded = set((named.get("rel") or "").split()) & self.LOADED_LINKS
        if tag == "link" and loaded:
            self.found.append(named.get("href") or "")
        elif tag in ("script", "img", "source"):
            self.found.append(named.get("src") or "")
        elif tag == "use":
            self.found.append(named.get("href") or named.get("xlink:href") or "")
        self.found = [address for address in self.found if address]
