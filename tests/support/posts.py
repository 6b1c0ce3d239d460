"""Folders of posts as nine platforms write them, in our own words, and what is right of each post."""

from typing import NamedTuple

TEXT = (
    "The harbour model was trained on the tides of ten years. It never lost a ship, and it never cost more than the "
    "pilots did. That is why the town keeps it.\n\nThe meadow model is another matter, as everybody here knows."
)
HTML = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT.split("\n\n"))


class Post(NamedTuple):
    """What is right of a post: `url` is None where its platform does not say it."""

    title: str
    day: str
    people: tuple[str, ...]
    url: str | None


def front(lines, mark="---"):
    return f"{mark}\n{lines.strip()}\n{mark}\n\n"


def jekyll():
    """Days and names in the files' names, a site's address in the folder's own file."""
    files = {
        "footnote.toml": 'address = "https://tide.example/{year}/{month}/{day}/{slug}.html"\npeople = ["Ada Quill"]\n',
        "_posts/2026-05-04-keeping-the-harbour.md": front(
            'layout: post\ntitle:  "Keeping the harbour: a note"\ncategories: [ships, models]\ntags: tides\n'
        )
        + TEXT,
        "_posts/2026-04-01-a-second-look.markdown": front(
            "layout: post\ntitle: A second look\ndate: 2026-04-02 23:30:00 +0900\nauthor: Bo Marsh\npublished: true\n"
        )
        + TEXT,
        "_posts/2026-03-01-no-title.md": front("layout: post\n") + TEXT,
        "_drafts/unfinished.md": front("title: Unfinished\n") + TEXT,
        "_posts/2026-05-05-hidden.md": front("title: Hidden\npublished: false\n") + TEXT,
    }
    base = "https://tide.example"
    return files, {
        "_posts/2026-05-04-keeping-the-harbour.md": Post(
            "Keeping the harbour: a note", "2026-05-04", ("Ada Quill",), f"{base}/2026/05/04/keeping-the-harbour.html"
        ),
        "_posts/2026-04-01-a-second-look.markdown": Post(
            "A second look", "2026-04-02", ("Bo Marsh",), f"{base}/2026/04/02/a-second-look.html"
        ),
        "_posts/2026-03-01-no-title.md": Post(
            "No title", "2026-03-01", ("Ada Quill",), f"{base}/2026/03/01/no-title.html"
        ),
    }


def hugo():
    """TOML, YAML and JSON, posts as files and as folders."""
    toml = 'title = "Tides in TOML"\ndate = 2026-05-04T10:00:00+02:00\nauthors = ["Ada Quill", "Bo Marsh"]\n'
    files = {
        "content/posts/tides.md": front(toml + "draft = false\n[params]\n  math = true\n", "+++") + TEXT,
        "content/posts/a-bundle/index.md": front(
            "title: A bundle\ndate: 2026-04-03T08:00:00Z\nlastmod: 2026-05-01\nauthor:\n  name: Ada Quill\n"
            "canonicalURL: https://elsewhere.example/bundle\ncover:\n  image: a.png\n"
        )
        + TEXT,
        "content/posts/in-json.md": '{\n "title": "In JSON", "date": "2026-02-01",\n "author": "Cy Reed"\n}\n\n' + TEXT,
        "content/posts/later.md": front('title = "Later"\ndate = 2026-05-06\ndraft = true\n', "+++") + TEXT,
    }  # fmt: skip
    return files, {
        "content/posts/tides.md": Post("Tides in TOML", "2026-05-04", ("Ada Quill", "Bo Marsh"), None),
        "content/posts/a-bundle/index.md": Post(
            "A bundle", "2026-04-03", ("Ada Quill",), "https://elsewhere.example/bundle"
        ),
        "content/posts/in-json.md": Post("In JSON", "2026-02-01", ("Cy Reed",), None),
    }


def hugging_face():
    """The days stand in a list beside the posts; people are named by their accounts."""
    blog = (
        "- local: tides\n  title: 'Tides, open'\n  author: adaq\n  thumbnail: /blog/1.png\n  date: May 4, 2026\n"
        "  tags:\n    - open\n\n- local: meadows\n  title: Meadows\n  author: bo\n  date: April 2, 2026\n"
    )
    files = {
        "footnote.toml": 'source = "models"\ntier = 1\naddress = "https://models.example/blog"\n',
        "_blog.yml": blog,
        "tides.md": front(
            'title: "Tides, open" \nthumbnail: /blog/1.png\nauthors:\n- user: adaq\n- user: marsh\n  guest: true\n'
        )
        + f"# Tides, open\n\n<!-- {{blog_metadata}} -->\n\n{TEXT}",
        "meadows.md": front("authors:\n- user: bo\n") + f"# Meadows\n\n{TEXT}",
    }
    return files, {
        "tides.md": Post("Tides, open", "2026-05-04", ("adaq", "marsh"), "https://models.example/blog/tides"),
        "meadows.md": Post("Meadows", "2026-04-02", ("bo",), "https://models.example/blog/meadows"),
    }


def substack():
    """HTML without a head, and a list of the posts beside it."""
    head = "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n"
    rows = (
        '151000111.keeping-the-harbour,2026-05-04T09:30:00.000Z,true,,,newsletter,everyone,"Keeping, the harbour",,\n'
        "152000111.second-look,2026-04-02T09:30:00.000Z,true,,,newsletter,only_paid,Second look,,\n"
        "153000111.not-yet,,false,,,newsletter,everyone,Not yet,,\n"
    )
    files = {
        "footnote.toml": 'people = ["Ada Quill"]\naddress = "https://tide.substack.example/p/{slug}"\n',
        "posts.csv": head + rows,
        "posts/151000111.keeping-the-harbour.html": HTML,
        "posts/152000111.second-look.html": f"<h3>Why it holds</h3>{HTML}",
        "posts/153000111.not-yet.html": HTML,
    }
    base = "https://tide.substack.example/p"
    return files, {
        "posts/151000111.keeping-the-harbour.html": Post(
            "Keeping, the harbour", "2026-05-04", ("Ada Quill",), f"{base}/keeping-the-harbour"
        ),
        "posts/152000111.second-look.html": Post("Second look", "2026-04-02", ("Ada Quill",), f"{base}/second-look"),
    }


def docusaurus():
    """People by their keys, days in the names of folders, MDX with its imports."""
    files = {
        "blog/authors.yml": "adaq:\n  name: Ada Quill\n  title: Pilot\n  url: https://a.example\n",
        "blog/2026-05-04-harbour/index.mdx": front(
            "slug: keeping-harbour\ntitle: Keeping the harbour\nauthors: [adaq]\nhide_table_of_contents: false\n"
        )
        + f"import Chart from './chart';\n\n{TEXT}",
        "blog/2026-04-02-look.md": front(
            "title: A look\nauthors:\n  - name: Bo Marsh\n    title: Keeper\n    image_url: https://b.example/b.png\n"
        )
        + TEXT,
    }
    return files, {
        "blog/2026-05-04-harbour/index.mdx": Post("Keeping the harbour", "2026-05-04", ("Ada Quill",), None),
        "blog/2026-04-02-look.md": Post("A look", "2026-04-02", ("Bo Marsh",), None),
    }


def quarto():
    files = {
        "posts/harbour/index.qmd": front(
            'title: "Keeping the harbour"\nauthor:\n  - name:\n      given: Ada\n      family: Quill\n    orcid: 0000\n'
            '  - name: Bo Marsh\ndate: "5 May 2026"\ndate-modified: 2026-06-01\ncategories: [news]\nformat:\n  html:\n'
            "    toc: true\n"
        )
        + TEXT,
        "posts/look/index.qmd": front('title: "A look"\nauthor: "Ada Quill and Bo Marsh"\ndate: 2026-04-02\n') + TEXT,
    }
    return files, {
        "posts/harbour/index.qmd": Post("Keeping the harbour", "2026-05-05", ("Ada Quill", "Bo Marsh"), None),
        "posts/look/index.qmd": Post("A look", "2026-04-02", ("Ada Quill", "Bo Marsh"), None),
    }


def eleventy():
    files = {
        "posts/harbour.md": front(
            "title: Keeping the harbour\ndescription: A note.\ndate: 2026-05-04\ntags:\n  - post\n"
            "permalink: /harbour/\nlayout: layouts/post.njk\neleventyNavigation:\n  key: Harbour\n"
        )
        + TEXT,
        "posts/look.md": '---json\n{"title": "A look", "date": "2026-04-02", "author": "Bo Marsh"}\n---\n' + TEXT,
        "footnote.toml": 'address = "https://eleven.example/"\nlanguage = "en"\n',
    }
    return files, {
        "posts/harbour.md": Post("Keeping the harbour", "2026-05-04", (), "https://eleven.example/harbour/"),
        "posts/look.md": Post("A look", "2026-04-02", ("Bo Marsh",), "https://eleven.example/look"),
    }


def astro():
    files = {
        "src/content/blog/harbour.md": front(
            "title: 'Keeping the harbour'\ndescription: 'A note.'\npubDate: 'May 04 2026'\nupdatedDate: 'Jun 01 2026'\n"
            "heroImage: '/a.jpg'\nauthor: 'Ada Quill'\n"
        )
        + TEXT,
        "src/content/blog/look.mdx": front(
            "title: A look\npublishDate: 2026-04-02T12:00:00.000Z\nauthors: Ada Quill, Bo Marsh\ncanonical: https://c.example/look\n"
        )
        + TEXT,
    }
    return files, {
        "src/content/blog/harbour.md": Post("Keeping the harbour", "2026-05-04", ("Ada Quill",), None),
        "src/content/blog/look.mdx": Post("A look", "2026-04-02", ("Ada Quill", "Bo Marsh"), "https://c.example/look"),
    }


def notes():
    """Obsidian, and plain text: no fields at all, or those of a clipping."""
    files = {
        "Keeping the harbour.md": f"# Keeping the harbour\n\nBy Ada Quill, 4 May 2026\n\n{TEXT}",
        "2026-04-02 A look.md": f"{TEXT}\n",
        "clipped.md": front(
            'title: "A clipping"\nsource: "https://c.example/clipping"\nauthor:\n  - "[[Bo Marsh]]"\n'
            'published: 2026-03-01\ncreated: 2026-06-01\ndescription: "A note."\ntags:\n  - "clippings"\n'
        )
        + TEXT,
        "harbour.txt": f"The harbour of old\n1 February 2026\n\n{TEXT}",
        "letter.txt": f"A letter\n\nAda Quill\nJanuary 5, 2026\n\n{TEXT}",
        ".obsidian/app.json": "{}",
        "picture.png": "x",
    }
    return files, {
        "Keeping the harbour.md": Post("Keeping the harbour", "2026-05-04", ("Ada Quill",), None),
        "2026-04-02 A look.md": Post("A look", "2026-04-02", (), None),
        "clipped.md": Post("A clipping", "2026-03-01", ("Bo Marsh",), "https://c.example/clipping"),
        "harbour.txt": Post("The harbour of old", "2026-02-01", (), None),
        "letter.txt": Post("A letter", "2026-01-05", ("Ada Quill",), None),
    }


PLATFORMS = {
    one.__name__: one for one in (jekyll, hugo, hugging_face, substack, docusaurus, quarto, eleventy, astro, notes)
}


def write_folder(folder, files):
    """Write the files of a platform into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
