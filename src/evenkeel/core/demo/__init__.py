"""The demonstration: an invented federation, three months of its work, and the way to load it."""
