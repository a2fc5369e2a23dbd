"""How the installation does: is it sound, what does it count, what do its logs say."""
