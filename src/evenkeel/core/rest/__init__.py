"""The API: every list, record and verb, made from the screens and the registry of actions."""
