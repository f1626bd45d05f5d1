"""The report as PDF, where the optional library and the system's Pango are installed."""

from __future__ import annotations

import logging
from typing import Any

from models.issues import InputError, Issue


def printed(page: str) -> bytes:
    """A page as a tagged PDF in A4.

    Raises:
        InputError: if the library or the system's Pango is missing, with the cure.
    """
    html = _library()
    document: bytes = html(string=page).write_pdf(pdf_variant="pdf/ua-1")
    return document


def _library() -> Any:
    try:
        import weasyprint  # type: ignore[import-untyped]
    except ImportError:
        cure = "Install the extra: pip install 'tiimi[pdf]'. Or print report.html from a browser."
        raise _refusal("The library that writes PDF is not installed.", cure) from None
    except OSError:
        cure = (
            "Install Pango, on Debian and Ubuntu: sudo apt-get install libpango-1.0-0"
            " libpangoft2-1.0-0 libharfbuzz-subset0. Or print report.html from a browser."
        )
        raise _refusal("The system's library Pango, which PDF needs, is missing.", cure) from None
    # What print does without is no news: it would be told on stderr.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint.HTML


def _refusal(message: str, cure: str) -> InputError:
    return InputError([Issue("no_pdf", "--pdf", message, cure)])
