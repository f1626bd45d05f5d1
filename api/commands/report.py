"""`tiimi report` and `tiimi sheet`: a proposal as a page to read, mail and print."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path

from api import exit_codes
from api.base import read_base
from api.console import say
from api.new_file import refuse_taken, write_new
from api.texts import Texts, plain
from models.issues import InputError, Issue


def run(args: Namespace) -> int:
    """Write the report of a proposal, also as PDF if asked for."""
    from api.report import pdf_of, report_html

    page = _target(args, "report")
    document = page.with_suffix(".pdf") if args.pdf else None
    for path in filter(None, (page, document)):
        refuse_taken(path)
    html = report_html(read_base(args.base), args.language)
    files = {page: html.encode()}
    if document is not None:
        files[document] = pdf_of(html)
    return _written(files, args.language)


def run_sheet(args: Namespace) -> int:
    """Write the page of one person."""
    from api.report import sheet_html

    page = _target(args, args.employee)
    refuse_taken(page)
    html = sheet_html(read_base(args.base), args.employee, args.language)
    return _written({page: html.encode()}, args.language)


def _target(args: Namespace, what: str) -> Path:
    """Where the page goes: as told, or to a file named after the folder, right here."""
    if args.out is None:
        name = f"{args.base.resolve().name}-{what}-{args.language}"
        return Path(re.sub(r"[^\w.-]", "_", name) + ".html")
    out: Path = args.out
    if out.suffix.casefold() != ".html":
        cure = "Let its name end with .html; with --pdf the PDF goes beside it."
        raise InputError([Issue("bad_option", "--out", "The page is HTML.", cure)])
    return out


def _written(files: dict[Path, bytes], language: str) -> int:
    write_new(files)
    texts = Texts(language)
    say(plain(texts("files.written", file=path)) for path in files)
    return exit_codes.DONE
