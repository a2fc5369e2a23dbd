"""Figures: what is counted about a process, against which target, and of which records.

A process declares its figures in its room `kpis.py`; all surfaces read them here.
"""
