"""The pictures of a report: drawn to scale in points, in shades that stay apart in grey."""
