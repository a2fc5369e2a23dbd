"""Backups: all of an installation in one file, and an installation made of such a file.

The file is a ZIP: `database.dump` as pg_dump writes it, `attachments/…`, and `manifest.json`, last.
"""
