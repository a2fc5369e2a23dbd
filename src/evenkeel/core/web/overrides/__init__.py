"""The report of what was decided otherwise than a scheme gives: page, file and plain values."""
