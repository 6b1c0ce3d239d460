"""Where documents come from: the shipped corpus, or files and folders. They are read here, and parsed elsewhere.

Who may write into a folder that is read must not choose what else of this computer is read: no link in it is followed,
at whatever depth, and each file is opened from the handle of its folder, so that what is put in its place meanwhile is
not read either. A path that a person names may be a link, for it is theirs. What is not defended: a hard link shows a
file as well as any other name of it does, and nothing tells the two apart. Linux refuses to make one to a file that its
maker may not both read and write (fs.protected_hardlinks), so that it shows nothing that could not be copied as well.
"""

import codecs
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import BinaryIO

from corpus.errors import FileRefused
from corpus.ingest.parse.document import BESIDE, Document, FolderFacts, Line, Remark, Unreadable
from corpus.ingest.parse.entry_records import parse_folder_facts
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.post_names import parse_author_names, parse_blog_list, parse_posts_csv
from corpus.ingest.sources.safe_open import A_LINK, LARGEST, open_file, open_folder, read_whole, reason_of
from corpus.text.json_lines import TOO_LONG, lines_of

SHELF = Path(__file__).resolve().parents[2] / "shelf"
READ = {".md": "markdown", ".jsonl": "jsonl", ".html": "page", ".htm": "page", ".txt": "text", ".pdf": "pdf"}
READ |= dict.fromkeys((".markdown", ".mdx", ".qmd"), "markdown")
DEEPEST = 40  # folders in one another: each holds a handle open
SOURCES = "sources.toml"
FACTS = "footnote.toml"  # what all files of a folder share
# Lists of the posts beside them, as exports and blogs have them; and of the people that the posts name by a key.
LISTS = {"posts.csv": parse_posts_csv, "_blog.yml": parse_blog_list}
PEOPLE = "authors.yml"
NO_FACTS = FolderFacts()
MAY_HAVE_BESIDE = ("page", "text", "pdf")
LONGEST_ENDING = 12  # characters that are told of it
TOO_DEEP = f"lies more than {DEEPEST} folders deep; move it up, or name its own path."


def read_documents(paths: Sequence[Path] | None) -> Iterator[Document | Unreadable | Remark]:
    """Yield the documents of these files and folders, or of the shipped corpus, in order of their names.

    With them, what of a folder was left alone. Raises FileRefused where a path that was asked for is missing or cannot
    be read; a file found in a folder that cannot be read is Unreadable, and the others go on.
    """
    if paths is None:
        for found in _read_folder(SHELF):
            yield replace(found, shipped=True) if isinstance(found, Document) else found
    for path in paths or ():
        try:
            is_folder, exists = path.is_dir(), path.exists()
        except (OSError, ValueError) as error:  # a name that is too long or has a NUL, a folder that may not be entered
            reason = error.strerror if isinstance(error, OSError) else error
            raise FileRefused(f"{str(path)[:200]!r} cannot be read ({reason}); check the path.") from error
        if is_folder:
            yield from _read_folder(path)
        elif path.suffix.lower() not in READ and exists:
            raise FileRefused(
                f"{path} is neither a folder nor a .md, .jsonl, .html, .txt or .pdf file; convert it to one of these "
                "(.markdown, .mdx and .qmd are read as .md)."
            )
        else:
            yield from _read_named(path)


def _read_named(path: Path) -> Iterator[Document]:
    """The file that somebody has named: the path may lead over links. Raises FileRefused."""
    try:
        with open_folder(path.parent, os.O_DIRECTORY) as folder:
            facts = _read_facts(path.parent, folder, NO_FACTS)
            if isinstance(facts, Unreadable):
                raise FileRefused(f"{facts.where} {facts.reason}")
            for found in _read(path, READ.get(path.suffix.lower(), "markdown"), folder, facts, follow=True):
                if isinstance(found, Unreadable):
                    raise FileRefused(f"{path} {found.reason}")
                yield found
    except OSError as error:
        raise FileRefused(f"{path} {reason_of(error)}") from error


def _read_folder(path: Path) -> Iterator[Document | Unreadable | Remark]:
    try:
        with open_folder(path, os.O_DIRECTORY) as folder:
            yield from _read_inside(path, folder, DEEPEST, NO_FACTS)
    except OSError as error:
        yield Unreadable(str(path), reason_of(error))


def _read_inside(path: Path, folder: int, levels: int, above: FolderFacts) -> Iterator[Document | Unreadable | Remark]:
    """What the folder of this handle holds, in order of the names; `path` is only for reports.

    `above`: what the folder around it says of its files.
    """
    everything = sorted(os.listdir(folder))
    names = [name for name in everything if not name.startswith(".")]
    yield from (Remark("hidden", name) for name in everything if name.startswith("."))
    facts = _read_facts(path, folder, above)
    if isinstance(facts, Unreadable):  # without them, its files would be taken for somebody else's
        yield facts
        return
    for name in names:
        file = path / name
        kind = "sources" if name == SOURCES else READ.get(file.suffix.lower())
        try:
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode) and levels:
                with open_folder(name, os.O_DIRECTORY | os.O_NOFOLLOW, folder) as inner:
                    yield from _read_inside(file, inner, levels - 1, facts)
            elif stat.S_ISDIR(mode):
                yield Unreadable(str(file), TOO_DEEP)
            elif stat.S_ISLNK(mode) and (kind or _leads_to_a_folder(name, folder)):
                yield Unreadable(str(file), A_LINK)
            elif kind:
                yield from _read(file, kind, folder, facts)
            else:
                yield from _left_alone(file, names)
        except OSError as error:
            yield Unreadable(str(file), reason_of(error))


def _left_alone(file: Path, names: Sequence[str]) -> Iterator[Unreadable | Remark]:
    """What is told of a file that is no document; nothing of one that says something of another."""
    beside_kind = READ.get(PurePath(file.stem).suffix.lower())  # of the file that this one is named as beside
    if file.suffix == BESIDE and beside_kind in MAY_HAVE_BESIDE:
        if file.stem not in names:
            yield Unreadable(str(file), f"stands beside no {file.stem}; put that file there, or take this one out.")
    elif file.name not in {FACTS, PEOPLE, *LISTS}:
        yield Remark("ending", file.suffix.lower()[:LONGEST_ENDING] or "without an ending")


def _read_facts(path: Path, folder: int, above: FolderFacts) -> FolderFacts | Unreadable:
    """Return what a folder says of its files, with what the one around it says; or why that cannot be read."""
    facts = above
    for name in (FACTS, *LISTS, PEOPLE):
        kind = {FACTS: "sources", "posts.csv": "rows"}.get(name, "list")
        try:
            with open_file(name, folder, kind) as content:
                written = read_whole(content, kind).decode("utf-8-sig")
            if name == FACTS:
                own = parse_folder_facts(written)
                facts = replace(facts, fields={**facts.fields, **own.fields}, address=own.address or facts.address)
            elif name == PEOPLE:
                facts = replace(facts, names={**facts.names, **parse_author_names(written)})
            else:
                facts = replace(facts, rows={**facts.rows, **LISTS[name](written)})
        except FileNotFoundError:
            continue
        except NotAnEntry as reason:
            return Unreadable(str(path / name), f"{reason}; until then, the files of its folder are not read.")
        except (OSError, ValueError) as error:
            return Unreadable(str(path / name), reason_of(error))
    return facts


def _leads_to_a_folder(name: str, folder: int) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=folder).st_mode)
    except OSError:
        return False


def _read(
    file: Path, kind: str, folder: int, facts: FolderFacts, *, follow: bool = False
) -> Iterator[Document | Unreadable]:
    """The file of this name in the folder of this handle. `follow`: the name itself may be a link."""
    try:
        with open_file(file.name, folder, kind, follow=follow) as content:
            if kind == "jsonl":
                start = content.read(2)
                content.seek(0)
                if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
                    yield Unreadable(str(file), "is not UTF-8 text (byte 0); save it as UTF-8.")
                else:
                    yield Document(str(file), "jsonl", lines=_decode_lines(content), facts=facts)
                return
            written = read_whole(content, kind)
        if kind in {"page", "pdf"}:
            document = Document(str(file), kind, body=written, facts=facts)
        else:
            document = Document(
                str(file), kind, written.decode("utf-8-sig"), facts=facts
            )  # with or without a byte order mark
        beside = _beside(file, folder) if kind in MAY_HAVE_BESIDE else ""
        yield replace(document, beside=beside) if isinstance(beside, str) else beside
    except (OSError, ValueError) as error:
        yield Unreadable(str(file), reason_of(error))


def _beside(file: Path, folder: int) -> str | Unreadable:
    """What stands in the file beside it; "" where there is none."""
    name = file.name + BESIDE
    try:
        with open_file(name, folder, "beside") as content:
            return read_whole(content, "beside").decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        return Unreadable(str(file.with_name(name)), reason_of(error))


def _decode_lines(content: BinaryIO) -> Iterator[tuple[int, Line]]:
    number = 0
    try:
        for number, line in lines_of(content, LARGEST["jsonl"]):
            if line is None:
                yield number, NotAnEntry(TOO_LONG)
                continue
            written = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            try:
                if written.strip():
                    yield number, written.decode().strip("\r\n")
            except UnicodeDecodeError as error:
                yield number, NotAnEntry(reason_of(error).removesuffix("."))
    except OSError as error:
        yield number + 1, NotAnEntry(reason_of(error).removesuffix("."))
