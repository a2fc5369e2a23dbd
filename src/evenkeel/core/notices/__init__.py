"""Notices: who is told of what was done, on the page and by e-mail. All of them come from entries.

A process declares them in its room `notices.py`; see `telling`.
"""
