"""Django's backend for PostgreSQL, as Django looks for one: by the name of this package."""
