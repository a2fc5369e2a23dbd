"""Views of a list that people keep: its filters, order and columns under a name.

A view holds what the address of the list says, and nothing of what it shows: whoever opens it sees
what they may see.
"""
