"""What the story looks like: numbered steps, who acts, and the answer that matters."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

WIDTH = 110


class Screen:
    """Writes steps as they happen; reads as well from a file as from a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        found = console or Console(highlight=False, soft_wrap=False)
        self._console = found
        if not found.is_terminal or found.width > WIDTH:
            found.width = WIDTH
        self._step = 0

    def title(self, text: str, below: str) -> None:
        """Open the story."""
        self._console.print()
        self._console.print(Text(text, style="bold"))
        self._console.print(Text(below, style="dim"))

    def step(self, who: str, what: str) -> None:
        """Begin a step: who does what."""
        self._step += 1
        self._console.print()
        line = Text(f"{self._step:>2}  ", style="bold cyan")
        line.append(who, style="bold")
        line.append(f" {what}", style="not bold")
        self._console.print(line)

    def say(self, text: str, style: str = "") -> None:
        """Tell one line of the answer."""
        self._console.print(Padding(Text(text, style=style), (0, 0, 0, 4), expand=False))

    def good(self, text: str) -> None:
        """Tell what was proved."""
        self.say(f"+ {text}", "green")

    def bad(self, text: str) -> None:
        """Tell what is missing or refused."""
        self.say(f"- {text}", "yellow")

    def rows(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Show lines whose parts stand below one another."""
        table = Table.grid(padding=(0, 2))
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._console.print(Padding(table, (0, 0, 0, 4), expand=False))
