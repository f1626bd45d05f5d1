"""The report of a proposal and the page of one person, for people: HTML and PDF.

`report_html`, `report_pdf`, `sheet_html` and `pdf_of` are all that others need. A page is one file
without scripts that asks for nothing from any network.
"""

from __future__ import annotations

from api.base import BaseFolder


def report_html(base: BaseFolder, language: str) -> str:
    """The report of a proposal with a plan.

    Args:
        base: the proposal, with what it was made from.
        language: `en`, `fi` or `sv`.
    """
    from api.report.ground import Ground
    from api.report.page import report_page

    return report_page(Ground(base, language))


def report_pdf(base: BaseFolder, language: str) -> bytes:
    """The same as PDF.

    Raises:
        InputError: if what writes PDF is not installed; it says how to install it.
    """
    return pdf_of(report_html(base, language))


def pdf_of(page: str) -> bytes:
    """A page as PDF.

    Raises:
        InputError: if what writes PDF is not installed; it says how to install it.
    """
    from api.report.pdf import printed

    return printed(page)


def sheet_html(base: BaseFolder, employee: str, language: str) -> str:
    """The page of one person.

    Raises:
        InputError: if nobody of that id is in service.
    """
    from api.report.ground import Ground
    from api.report.page import worker_page

    return worker_page(Ground(base, language), employee)
