"""Personal data: what is held on somebody, erasing it, and how long it is kept (GDPR)."""
