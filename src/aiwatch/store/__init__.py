"""The memory of the service: one SQLite file with one writer (``sqlite``) and any number of readers (``library``).

    poll, publish, deliver ──> SqliteStore ──┐
                                             ├── file.db (WAL) + file.db.lock
    cli, web, mcp ──> Library ───────────────┘

Tables are named in the singular and may change from one version to the next; views are named in the plural and are the interface that
people's own queries can rely on (``docs/schema.md``).
"""
