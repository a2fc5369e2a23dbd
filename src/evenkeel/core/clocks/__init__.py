"""Clocks: what is promised within how long, how much of it has passed, and what is late.

At the bottom is arithmetic without tables: a calendar (`calendar`), its open seconds in a zone
(`hours`), and the engine that reads a history of turns (`engine`) and explains it (`derivation`).
"""
