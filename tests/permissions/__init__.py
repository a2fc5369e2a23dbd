"""Every verb, for everybody, on every surface; and everything that is read, for everybody."""
