"""pytest plugin: no test is timed. How long something takes is for the bench to say."""

from hypothesis import settings

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
