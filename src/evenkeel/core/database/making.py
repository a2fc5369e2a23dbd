"""`python -m evenkeel.core.database.making SOCKETS`: make our database on a server that runs.

A process of its own, because the keeper lives for as long as the server does, and would hold all
that it takes to speak to PostgreSQL in memory as long.
"""

import sys

import psycopg

from evenkeel.core.database.cluster import NAME


def main() -> None:
    address = f"host={sys.argv[1]} user={NAME} dbname=postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        there = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(there, [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME}")


if __name__ == "__main__":
    main()
