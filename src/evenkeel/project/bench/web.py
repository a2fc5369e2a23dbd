"""The web server, as `run` starts it, with counted queries."""

from evenkeel.project import web

if __name__ == "__main__":
    web.main("evenkeel.project.bench.counted:application")
