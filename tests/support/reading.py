"""Markdown, and pages of a harbour's notes, read as the program reads them, in one sandbox for all tests of a run."""

from corpus.ingest.parse import markdown_entries
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.parse.web_page import page_of
from corpus.models.fetched import Fetched

SANDBOX = Sandbox()  # it starts no process before it is asked; conftest.py ends it with the run
NOTE_URL = "https://harbour.example/notes/pumps"


def parse_markdown(text):
    return markdown_entries.parse_markdown(text, SANDBOX)


def read_note(body, head="", lang="en", title="Pumps on the tide", url=NOTE_URL):
    """What a page is read as; `head` and `body` are parts of its HTML."""
    html = f'<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title>{head}</head><body>{body}</body></html>'
    fetched = Fetched(url=url, final_url=url, content_type="text/html", text=html)
    return page_of(fetched, SANDBOX.page(html, url))
