"""Reply templates: what is said again and again, with places for what a record says."""
