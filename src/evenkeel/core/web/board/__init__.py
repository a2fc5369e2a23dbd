"""The board by time to breach: what is asked of it, its rows, and its page."""
