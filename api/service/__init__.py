"""The HTTP service: a database that is the truth, an engine that only runs, routes that translate.

- `settings`: everything that can be set, from the environment.
- `database`: the tables and the engine; `migrations` makes them.
- `jobs`: the life of a solve in the database: queued, running, done or failed.
- `worker`: one job in a process of its own; `dispatcher` hands jobs to the engine.
- `routes`, `schemas`, `problems`: what the planning page sees (docs/integrators.md).
- `documents`: what is made of a proposal to be read; `making`: each in a process of its own.
- `security`, `openid`, `audit`: who may see what, and who did.
- `protection`, `safe_json`: what is refused before any route sees it.
- `people`, `erasure`, `retention`: one person's data, and what is deleted when.
"""
