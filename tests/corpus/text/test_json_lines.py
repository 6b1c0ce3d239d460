"""Lines of a file that others write to."""

import io

from corpus.text.json_lines import LONGEST_LINE, lines_of


class Growing(io.BytesIO):
    """A file that has more each time its end was reached."""

    def __init__(self, *parts):
        super().__init__(parts[0])
        self.later = list(parts[1:])

    def readline(self, size=-1, /):
        if found := super().readline(size):
            return found
        if self.later:
            place = self.tell()
            self.write(self.later.pop(0))
            self.seek(place)
        return super().readline(size)


def test_what_is_written_to_a_line_meanwhile_makes_no_further_lines_of_it():
    assert list(lines_of(Growing(b"a\nb", b"b", b"b\n", b"c\n"))) == [(1, b"a\n"), (2, b"b")]


def test_a_line_that_is_too_long_is_passed_over_to_its_end():
    content = b"a\n" + b"x" * (2 * LONGEST_LINE + 5) + b"\nb\n" + b"y" * (LONGEST_LINE + 1)
    assert list(lines_of(io.BytesIO(content))) == [(1, b"a\n"), (2, None), (3, b"b\n"), (4, None)]
