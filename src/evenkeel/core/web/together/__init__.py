"""One verb for several records of a list: chosen, done one after the other, each with its result.

Each record goes through the action as if it were alone; what is refused for one is done for others.
"""
