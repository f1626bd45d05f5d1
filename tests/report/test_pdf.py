"""The report as PDF: a page of A4 each, tagged, and what is said where it cannot be made."""

import builtins
import os
import re
import sys
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from api.base import BaseFolder
from api.report import pdf_of, report_pdf, sheet_html
from models.issues import InputError


@pytest.fixture
def needs_pango() -> None:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PDF here: {error}")


def unpacked(document: bytes) -> bytes:
    """All of it, what is compressed too."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    # The end of line before `endstream` may have taken the last byte of the data along.
    plain = [zlib.decompressobj().decompress(s) if s[:1] == b"x" else s for s in streams]
    return b"\n".join([document, *plain])


@pytest.mark.usefixtures("needs_pango")
def test_a_report_is_a_tagged_document_of_a4(base: Callable[[str], BaseFolder]) -> None:
    document = report_pdf(base("office"), "fi")
    assert document.startswith(b"%PDF-")
    assert b"/Lang (fi)" in unpacked(document)
    assert b"pdfuaid" in unpacked(document)
    # A4 is 210 × 297 mm: 595.28 × 841.89 points.
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", unpacked(document))
    assert len(boxes) >= 9
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)}


@pytest.mark.usefixtures("needs_pango")
@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_a_person_has_one_page(language: str, base: Callable[[str], BaseFolder]) -> None:
    document = pdf_of(sheet_html(base("city"), "E04", language))
    assert len(re.findall(rb"/MediaBox", unpacked(document))) == 1


@pytest.mark.usefixtures("needs_pango")
@pytest.mark.parametrize(("name", "language"), [("awkward", "fi")])
def test_nothing_is_wider_than_its_page(
    name: str, language: str, html: Callable[[str, str], str]
) -> None:
    from weasyprint import HTML

    for number, page in enumerate(HTML(string=html(name, language)).render().pages, 1):
        box = page._page_box
        right = box.content_box_x() + box.width
        for part in box.descendants():
            if type(part).__name__ in ("TableBox", "TextBox"):
                wide = part.position_x + part.width
                assert wide <= right + 1, (number, getattr(part, "text", "a table"))


@pytest.mark.parametrize(
    ("error", "missing"),
    [
        (ImportError("no module"), "The library"),
        (OSError("no library"), "The system's library Pango"),
    ],
)
def test_what_is_missing_is_named_with_its_cure(
    error: Exception, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def fails(name: str, *rest: Any) -> Any:
        if name == "weasyprint":
            raise error
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(builtins, "__import__", fails)
    with pytest.raises(InputError) as refused:
        pdf_of("<p>")
    (issue,) = refused.value.issues
    assert (issue.code, issue.place) == ("no_pdf", "--pdf")
    assert issue.message.startswith(missing)
    assert "Install" in issue.cure
    assert "report.html" in issue.cure
