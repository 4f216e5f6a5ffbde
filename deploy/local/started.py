"""What is started on entering a block and stopped on leaving it."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Started(ABC):
    """Servers or programs that run within a `with` block; what started before something failed is stopped as well."""

    @abstractmethod
    def start(self) -> None:
        """Start all of it."""

    @abstractmethod
    def stop(self) -> None:
        """Stop whatever of it runs."""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
