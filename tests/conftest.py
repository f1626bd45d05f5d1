"""What every test stands on."""

import os

# Lines are wrapped to the terminal, and nobody's terminal decides what a test expects.
os.environ["COLUMNS"] = "100"
