"""Reading and writing an organisation: CSV folder, XLSX workbook, JSON (problem.md, 6).

The only part of the models that knows pandas and openpyxl; import it by name. The three
forms hold the same, so one can be turned into another and back.
"""

from __future__ import annotations

from pathlib import Path

from models.files import settle_folder
from models.organisation import Organisation
from models.policy import Policy
from models.tables.assemble import assemble
from models.tables.csv_form import read_folder, write_folder
from models.tables.frames import frames
from models.tables.json_form import read_json, write_json
from models.tables.limits import refusal
from models.tables.schema import TABLES
from models.tables.sheet import Report
from models.tables.template import write_template
from models.tables.xlsx_form import read_workbook, write_workbook

__all__ = ["TABLES", "frames", "read_organisation", "write_organisation", "write_template"]

_NO_FORM = (".csv", ".ods", ".tsv", ".txt", ".xls", ".xlsb", ".xlsm", ".zip")


def read_organisation(path: str | Path, policy: Policy | None = None) -> Organisation:
    """Read an organisation.

    Args:
        path: a folder of CSV files, an ``.xlsx`` workbook or a ``.json`` file.
        policy: if given, grades it does not price are errors too.

    Raises:
        InputError: with every issue found, whatever is wrong with the files.
    """
    path = Path(path)
    try:
        settle_folder(path)
        is_folder = path.is_dir()
        report = Report()
        if is_folder:
            sheets = read_folder(path, report)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not allowed"
        cure = "Check its name and the right to read it."
        raise refusal("unreadable", path.name, f"It cannot be read: {reason}.", cure) from None
    if not is_folder:
        ending = _ending(path)
        if ending == ".json":
            return read_json(path, policy)
        sheets = read_workbook(path, report)
    return assemble(sheets, report, policy)


def write_organisation(organisation: Organisation, path: str | Path) -> None:
    """Write an organisation, whole or not at all.

    Args:
        organisation: what to write; `read_organisation` gives back the same.
        path: ends with ``.xlsx`` or ``.json``, or else is a folder for CSV files. Other
            files of an existing folder stay.

    Raises:
        InputError: for an ending that is not written, or what no spreadsheet can hold.
        OSError: if the disk does not let it; what was there is untouched then.
    """
    path = Path(path)
    ending = "" if path.is_dir() or path.suffix.casefold() not in _KNOWN else _ending(path)
    if ending == ".json":
        write_json(organisation, path)
    elif ending == ".xlsx":
        write_workbook(organisation, path)
    else:
        write_folder(organisation, path)


_KNOWN = (".json", ".xlsx", *_NO_FORM)


def _ending(path: Path) -> str:
    ending = path.suffix.casefold()
    if ending in (".json", ".xlsx"):
        return ending
    if ending not in _NO_FORM and not path.exists():
        raise refusal("not_found", path.name, "There is no such file or folder.", "Check its name.")
    raise refusal(
        "unknown_form",
        path.name,
        f"Files that end with {ending or 'nothing'} are not read or written.",
        "Use a folder of CSV files, an .xlsx workbook or a .json file.",
    )
