"""Import: files of other systems, read through a mapping profile; knows no process."""
