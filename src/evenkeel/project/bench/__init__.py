"""`evenkeel bench`: how fast, and how flat, from ten thousand incidents to a million.

One size after the other: fill a database of its own, start the servers as `run` does, drive them
over HTTP, and read from the system what that cost."""
