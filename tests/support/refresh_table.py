"""What refreshes report while publishers do what publishers do: three newsletters and three blogs on loopback.

    python tests/support/refresh_table.py [--history 120] [--real-model]

Each round: the publishers do something, `refresh` is called, and a line for each source tells how its reading went,
what became of its pieces, and which answers its server gave (robots.txt left out).
`tests/corpus/ingest/update/test_refresh_world.py` asserts what must be seen in it. The shipped shelf is replaced by one
guide, so that nothing goes outside.
"""

import argparse
import contextlib
import tempfile
from pathlib import Path

from fakes import ToyEmbedder
from publisher_server import raw
from refresh_world import World, world


def first_refresh(_: World) -> None:
    """All of it is new: of a long history, the newest 50."""


def nothing_happened(_: World) -> None:
    """All servers know their ETags."""


def no_etags(web: World) -> None:
    """Nothing happened, and no server knows an ETag any more."""
    for publisher in web.publishers.values():
        publisher.validators = False


def corrections(web: World) -> None:
    """Amber edits a text, birch and delta correct a title, cedar and ember shift a date by two days."""
    for publisher in web.publishers.values():
        publisher.validators = True
    web["amber"].edit(web["amber"].posts[2])
    web["birch"].correct(web["birch"].posts[3])
    web["cedar"].shift(web["cedar"].posts[4])
    web["delta"].correct(web["delta"].posts[2])
    web["ember"].shift(web["ember"].posts[3])


def crosspost(web: World) -> None:
    """Birch posts again what amber posted before."""
    web["birch"].crosspost(web["amber"].posts[1])


def paid_post(web: World) -> None:
    """Cedar publishes a post for those who pay."""
    web["cedar"].publish(paid=True)


def paid_later(web: World) -> None:
    """Cedar makes a free post one for those who pay."""
    web["cedar"].make_paid(web["cedar"].posts[8])


def removals(web: World) -> None:
    """Amber and fjord remove a post each; with that, amber's feed lists an older one again."""
    web["amber"].remove(web["amber"].posts[3])
    web["fjord"].remove(web["fjord"].posts[1], 404)


def deaths(web: World) -> None:
    """Amber refuses, birch is overloaded, cedar's feed breaks off, delta wants a login, ember hangs up."""
    for name, how in (("amber", "refused"), ("birch", "503"), ("cedar", "broken"), ("delta", "html"), ("ember", "cut")):
        web[name].die(how)
    web["fjord"].publish()


def revival(web: World) -> None:
    """All are well again, and each has a new post."""
    for publisher in web.publishers.values():
        publisher.revive()
        publisher.publish()


def move(web: World) -> None:
    """Birch's feed has moved for good."""
    web["birch"].move_feed("/rss")


def after_the_move(_: World) -> None:
    """Nothing happened; where is birch's feed asked for?"""


def empty_feed(web: World) -> None:
    """Cedar's feed lists nothing at all."""
    web["cedar"].die("empty")


def failing_pages(web: World) -> None:
    """Delta has eight new posts, and the pages of seven fail."""
    for post in web["delta"].publish_many(8)[:7]:
        web["delta"].faults[f"/blog/{post.slug}"] = raw("500 Internal Server Error\r\nContent-Length: 0")


def healed_pages(web: World) -> None:
    """Delta's pages and cedar's feed are well again."""
    web["delta"].faults.clear()
    web["cedar"].revive()


def interrupted(web: World) -> None:
    """Ember has eight new posts; the refresh before this one was stopped when four of their pages had been read."""
    fresh = {f"/blog/{post.slug}" for post in web["ember"].publish_many(8)}
    seen: set[str] = set()
    web["ember"].before = seen.add

    def stop(_stage: str, _done: int, _total: int, _current: str = "") -> None:
        if len(seen & fresh) > 4:
            raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        web.corpus.refresh(progress=stop)
    web["ember"].before = lambda _: None


def removed_by_us(web: World) -> None:
    """A moderator removes one of amber's entries; amber still lists it, and edits it."""
    post = web["amber"].posts[9]
    web.corpus.remove([web.entry_of("amber", post.title).id])
    web["amber"].edit(post, "Another correction of the editors.")


def end(web: World) -> None:
    """Fjord's feed says that it has ended (410)."""
    web["fjord"].faults["/blog/feed.xml"] = raw("410 Gone\r\nContent-Length: 0")


def after_the_end(_: World) -> None:
    """Nothing happened; is fjord still asked?"""


ROUNDS = (
    *(first_refresh, nothing_happened, no_etags, corrections, crosspost, paid_post, paid_later, removals, deaths),
    *(revival, move, after_the_move, empty_feed, failing_pages, healed_pages, interrupted, removed_by_us, end),
    after_the_end,
)
# The same, with several things happening between two refreshes: for the test suite, where seconds count.
SHORT = (
    *((first_refresh,), (nothing_happened,), (no_etags,), (corrections, crosspost, paid_post, paid_later, removals)),
    *((deaths,), (revival, move), (after_the_move, empty_feed, failing_pages)),
    *((healed_pages, removed_by_us, interrupted, end), (after_the_end,)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=24, help="of each newsletter")
    parser.add_argument("--history", type=int, default=120, help="posts of the blog with the long history")
    parser.add_argument("--real-model", action="store_true", help="embed with the built-in model, not with a toy")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        embedder = None if chosen.real_model else ToyEmbedder()
        with world(Path(folder), embedder, posts=chosen.posts, history=chosen.history) as web:
            for act in ROUNDS:
                found = web.play(act)
                print(f"\n{found.name.upper()}: {act.__doc__}")
                print("source  outcome    new changed unchanged rejected  answers           in words")
                print(*found.texts(), sep="\n", flush=True)


if __name__ == "__main__":
    main()
