"""What a benchmark says: one JSON object a line."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measure. `value` and `limit` are in `unit`; `ratio` compares them pair by pair and must not exceed `goal`.

    Absolute times say nothing on a shared machine, so a goal is always a ratio or a growth.
    """

    bench: str
    measure: str
    value: float
    unit: str
    limit: float
    ratio: float
    goal: float
    conditions: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return self.ratio <= self.goal

    def line(self) -> str:
        """Give the line that `bin/bench` prints."""
        said = asdict(self)
        conditions = said.pop("conditions")
        rounded = {name: round(said[name], 3) for name in ("value", "limit", "ratio")}
        return json.dumps({**said, **rounded, "holds": self.holds, "conditions": conditions}, ensure_ascii=False)
