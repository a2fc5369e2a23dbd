"""Schemes: how a process decides, as data that its owner approves (FitSM-0 "process"; BASE-17).

Which states and verbs exist is code; scales, matrices, categories and criteria are schemes.
"""
