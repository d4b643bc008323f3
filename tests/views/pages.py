"""Forms of pages, read as a browser would send them."""

from __future__ import annotations

from html.parser import HTMLParser


class _Controls(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and self._is_sent(given):
            self.found.setdefault(name, []).append(given.get("value") or "")
        elif tag == "textarea" and name:
            self._area = name
            self.found[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.found[self._select] = [given.get("value") or ""]

    @staticmethod
    def _is_sent(given: dict[str, str | None]) -> bool:
        return given.get("type") not in ("radio", "checkbox", "submit") or "checked" in given

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # The line end after the tag is the browser's, not the text's.
            self.found[self._area][0] = self.found[self._area][0].removeprefix("\r\n").removeprefix("\n")
            self._area = None


def controls(page: str) -> dict[str, list[str]]:
    """What the controls of a page would send, without the token."""
    reader = _Controls()
    reader.feed(page)
    return {name: values for name, values in reader.found.items() if name != "csrf_token"}
