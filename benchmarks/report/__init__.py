"""Files of results as one page with pictures and tables: `python -m benchmarks.report`."""
