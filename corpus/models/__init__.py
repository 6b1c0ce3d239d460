"""The words of the library as frozen dataclasses: no I/O, no clock."""
