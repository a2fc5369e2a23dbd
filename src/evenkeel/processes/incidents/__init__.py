"""ISRM: incident and service request management (FitSM-1 PR9).

Goal: restore the agreed service as quickly as possible, and fulfil service requests as agreed.
"""
