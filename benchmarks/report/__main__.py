"""A page of files of results: `python -m benchmarks.report RESULTS.json [...] --out report.html`.

Of one file what was measured; of several, also of peers, who is better where. The page is one
file that asks for nothing else.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import results
from benchmarks.report.page import page
from models.files import write_whole


def main(arguments: list[str]) -> int:
    """Read, write; 2 if a file is none."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.report",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULTS.json")
    parser.add_argument("--out", type=Path, default=Path("report.html"), metavar="FILE.html")
    options = parser.parse_args(arguments)
    try:
        files = {_name(file, options.results): results.read(file) for file in options.results}
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if not any(found.runs for found in files.values()):
        parser.error("there is no run in these files")
    write_whole(options.out, page(files))
    print(options.out)
    return 0


def _name(file: Path, files: list[Path]) -> str:
    """The file's name, with its folder where two have it."""
    return file.stem if [each.stem for each in files].count(file.stem) == 1 else str(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
