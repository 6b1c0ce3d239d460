"""Pages with the shapes of what people publish with, each with the furniture that such pages stand around a text.

Every word of a furniture that may not be in the text is in NOISE, and of the text that must be in it, in `web.TEXT`.
"""

import json

from web import BODY

NOISE = """Subscribe Share Thanks reader-supported Discussion Like Restack Previous Next Ready Upvote Follow Sign
Written Contact Newsletter Powered Copyright Read Related Recommended Comments Leave Tweet Facebook LinkedIn Email
Tags Filed Clap Responses Member gardener Get Help About Terms Privacy Edit Posted Continue""".split()


def substack(body=BODY, paid=False, lang="en"):
    """A newsletter platform's, as its text comes: buttons, a widget, a foot that thanks and asks to share."""
    said = {
        "@type": "NewsArticle",
        "url": "https://ledger.example/p/gardens",
        "headline": "Small models, large gardens",
        "datePublished": "2026-05-04T13:02:11+00:00",
        "author": [{"@type": "Person", "name": "Ada Quill", "url": "https://substack.example/@ada"}],
        "publisher": {"@type": "Organization", "name": "The Open Ledger"},
    }
    wall = """<div data-testid="paywall" data-component-name="Paywall" aria-label="Paywall" class="paywall">
<h2 class="paywall-title">Continue reading this post with a trial of 7 days</h2>
<div class="paywall-cta"><a class="button" href="/subscribe">Start trial</a></div></div>"""
    foot = """<p>Thanks for reading The Open Ledger! Subscribe for free to receive new posts and support my work.</p>
<p>This post is public so feel free to share it.</p>
<p class="button-wrapper"><a class="button primary" href="?action=share"><span>Share</span></a></p>"""
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>Small models, large gardens</title>
<meta property="og:title" content="Small models, large gardens"><meta property="og:type" content="article">
<meta property="og:site_name" content="The Open Ledger"><meta name="author" content="Ada Quill">
<script type="application/ld+json">{json.dumps(said)}</script></head><body><div id="entry"><div id="main">
<div class="main-menu"><a href="/">The Open Ledger</a><button>Subscribe</button><button>Sign in</button></div>
<div class="single-post"><article class="typography newsletter-post post"><div class="post-header">
<h1 class="post-title published">Small models, large gardens</h1><h3 class="subtitle">Why the edges matter</h3>
<div class="byline-wrapper"><a href="/@ada">Ada Quill</a><div>May 04, 2026</div></div>
<div class="post-ufi"><a aria-label="Like (41)">41</a><a href="/comments">7</a><a>Restack</a><div>Share</div></div>
</div>
<div class="available-content"><div dir="auto" class="body markup">
<div class="subscription-widget-wrap"><div class="preamble"><p>The Open Ledger is a reader-supported publication. To
receive new posts, consider becoming a subscriber.</p></div></div>{body}{"" if paid else foot}</div></div>
{wall if paid else ""}<div class="post-footer"><div class="post-ufi"><a>Previous</a><a>Next</a><div>Share</div></div>
</div>
</article></div><div class="comments-section"><h4>Discussion about this post</h4><p>Ready for more? Comments here.</p>
</div>
</div></div><footer>© 2026 Ada Quill · Privacy · Terms · <a href="/get">Get the app</a></footer></body></html>"""


def hub(body=BODY):
    """A model hub's blog: nothing told for programs, and below the text a list of further articles."""
    return f"""<!DOCTYPE html><html class=""><head><meta charset="utf-8"><title>Small models, large gardens</title>
<meta name="description" content="We are on a journey."><meta property="og:type" content="website">
<meta property="og:title" content="Small models, large gardens"></head><body><div class="flex min-h-dvh flex-col">
<header class="border-b"><nav><ul><li><a href="/models">Models</a></li><li><a href="/login">Log In</a></li></ul></nav>
</header>
<main class="flex flex-1 flex-col"><div class="container"><div class="blog-content prose mx-auto">
<div class="not-prose"><div><a href="/blog">Back to Articles</a></div></div>
<h1 id="small"><a class="header-link" href="#small"><svg></svg></a><span>Small models, large gardens</span></h1>
<div class="not-prose"><span>Published May 4, 2026</span> <a href="/x">Update on GitHub</a> Upvote <button>41</button>
</div>
<div class="not-prose"><a href="/ada"><span class="fullname underline">Ada Quill</span></a><button>Follow</button></div>
{body}</div><div class="not-prose border-t"><h2>More Articles from our Blog</h2><a href="/blog/a">Related piece</a>
</div>
<div class="mt-8"><h3>Community</h3><form>Comment</form><p><a href="/join">Sign up</a> or <a href="/login">log in</a> to
comment</p></div></div></main><footer>© Hub Terms Privacy</footer></div></body></html>"""


def ghost(body=BODY, paid=False):
    """A blog system's with members: a card that asks for an address, share links, an author's box, what is next."""
    said = {
        "@type": "Article",
        "headline": "Small models, large gardens",
        "datePublished": "2026-05-04T08:00:00.000Z",
        "author": {"@type": "Person", "name": "Ada Quill"},
        "publisher": {"@type": "Organization", "name": "The Open Ledger"},
        "mainEntityOfPage": "https://ledger.example/gardens/",
    }
    wall = """<aside class="gh-post-upgrade-cta"><div class="gh-post-upgrade-cta-content">
<h2>This post is for paying subscribers only</h2><a class="gh-btn" href="#/portal/signup">Subscribe now</a>
<p><small>Already have an account? <a href="#/portal/signin">Sign in</a></small></p></div></aside>"""
    card = """<div class="kg-card kg-signup-card"><div class="kg-signup-card-content">
<h2 class="kg-signup-card-heading">Sign up for The Open Ledger</h2>
<p class="kg-signup-card-subheading">Newsletter of Ada</p>
<form><input type="email"><button>Subscribe</button></form></div></div>"""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Small models, large gardens</title>
<meta property="og:type" content="article"><meta property="og:title" content="Small models, large gardens">
<meta property="article:published_time" content="2026-05-04T08:00:00.000Z"><meta name="generator" content="Ghost 5.82">
<script type="application/ld+json">{json.dumps(said)}</script></head><body class="post-template tag-members">
<div class="gh-viewport"><header class="gh-head"><nav><a href="/">The Open Ledger</a><a href="#/portal">Subscribe</a>
</nav></header>
<main class="gh-main"><article class="gh-article post"><header class="gh-article-header">
<h1 class="gh-article-title">Small models, large gardens</h1>
<div class="gh-article-meta"><span class="gh-article-author-name">Ada Quill</span>
<time datetime="2026-05-04">May 4</time>
<span class="gh-article-meta-length">4 min read</span></div></header>
<section class="gh-content gh-canvas">{body}{wall if paid else card}</section>
<div class="gh-share"><a href="https://x.example">Tweet</a><a href="https://f.example">Facebook</a><a>Email</a></div>
<footer class="gh-article-footer"><div class="author-card"><h4>Written by</h4><p>Ada is a gardener of models.</p></div>
</footer>
</article><section class="gh-subscribe"><h3>Get the Newsletter</h3><p>Subscribe to have it sent to you.</p></section>
<aside class="read-next"><h3>Read next</h3><article class="post-card"><h2>Another piece</h2><p>Related words.</p>
</article>
</aside></main><footer class="gh-foot">Powered by Ghost</footer></div></body></html>"""


def wordpress(body=BODY, licence='<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>'):
    """A blog system's with plug-ins: sharing, related posts, the author's words on themselves, a form for comments."""
    graph = [
        {"@type": "Article", "headline": "Small models, large gardens", "author": {"name": "Ada Quill", "@id": "#a"}},
        {"@type": "WebPage", "datePublished": "2026-05-04T08:00:00+00:00", "inLanguage": "en-GB"},
        {"@type": "Person", "@id": "#a", "name": "Ada Quill"},
    ]
    return f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Small models, large gardens</title>
<meta property="og:type" content="article"><meta property="og:title" content="Small models, large gardens">
<meta property="og:locale" content="en_GB"><meta property="article:published_time" content="2026-05-04T08:00:00+00:00">
<script type="application/ld+json">{json.dumps({"@graph": graph})}</script></head>
<body class="post-template-default single">
<div id="page" class="site"><header class="site-header"><p class="site-title">The Open Ledger</p>
<nav class="main-navigation"><ul><li><a href="/about">About</a></li><li><a href="/contact">Contact</a></li></ul></nav>
</header>
<div id="content" class="site-content"><main class="site-main"><article class="post type-post status-publish hentry">
<header class="entry-header"><h1 class="entry-title">Small models, large gardens</h1>
<div class="entry-meta">Posted on <time class="entry-date published" datetime="2026-05-04">May 4, 2026</time> by
<span class="author vcard"><a href="/author/ada">Ada Quill</a></span></div></header>
<div class="entry-content">{body}
<div class="sharedaddy sd-sharing-enabled"><div class="robots-nocontent sd-block sd-social">
<h3 class="sd-title">Share this:</h3>
<ul><li><a class="share-twitter">Click to Tweet</a></li><li><a>Click to share on Facebook</a></li></ul></div></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Related</em></h3>
<div class="jp-relatedposts-items"><a href="/other">Another piece entirely</a></div></div></div>
<div class="author-bio"><h2>About the author</h2><p>Ada is a gardener of models. Follow her.</p></div>
<footer class="entry-footer"><span class="cat-links">Filed under Models</span>
<span class="tags-links">Tags: open</span></footer>
</article><nav class="navigation post-navigation"><a rel="prev">Previous piece</a><a rel="next">Next piece</a></nav>
<div id="comments" class="comments-area"><h2>Leave a Reply</h2><p>Comments are moderated.</p></div></main></div>
<aside class="widget-area"><section class="widget"><h2>Newsletter</h2><p>Subscribe by Email</p></section></aside>
<footer class="site-footer">{licence} Powered by WordPress</footer></div></body></html>"""


def platform_story(body=BODY, tier=""):
    """A platform's for stories by anybody: claps, responses, further stories; its head says what is for members."""
    told = f'<meta name="article:content_tier" content="{tier}">' if tier else ""
    said = {"@type": "SocialMediaPosting", "datePublished": "2026-05-04T08:00:00Z", "author": {"name": "Ada Quill"}}
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Small models, large gardens | by Ada</title>
<meta property="og:type" content="article"><meta property="og:title" content="Small models, large gardens">{told}
<meta property="article:published_time" content="2026-05-04T08:00:00.000Z"><meta name="author" content="Ada Quill">
<script type="application/ld+json">{json.dumps(said)}</script></head><body><div id="root"><div class="a b c">
<nav><a href="/m">Sign up</a><a href="/m">Sign in</a></nav><article class="meteredContent"><div class="l"><section><div>
<h1 class="pw-post-title">Small models, large gardens</h1><div class="speechify-ignore"><p>Ada Quill</p>
<button>Follow</button>
<span>4 min read</span><span>May 4, 2026</span></div>{body}</div></section></div></article>
<footer><div class="pw-responses"><p>Clap</p><p>Responses (3)</p></div></footer>
<div class="h"><h2>Written by Ada Quill</h2><p>A gardener of models. Follow.</p></div>
<div class="h"><h2>Recommended from Medium</h2><div><h2>Another piece entirely</h2><p>Related words here</p></div></div>
<div><a href="/help">Help</a><a href="/about">About</a><a href="/terms">Terms</a></div></div></div></body></html>"""


def static(body=BODY, lang="en"):
    """A page of a generator of static sites: hardly any class, and a licence in its foot."""
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>Small models, large gardens</title>
<meta name="author" content="Ada Quill"><meta property="article:published_time" content="2026-05-04T00:00:00+00:00">
<meta property="og:type" content="article"></head><body><header><a href="/">The Open Ledger</a><nav>
<a href="/tags/">Tags</a>
</nav></header><main><article class="post-single"><header class="post-header"><h1 class="post-title">Small models, large
gardens</h1><div class="post-meta">
<span title="2026-05-04">May 4, 2026</span> · 4 min · Ada Quill · <a href="/e">Edit</a></div>
</header><div class="post-content">{body}</div><footer class="post-footer"><ul class="post-tags"><li><a>open</a></li>
</ul>
<nav class="paginav"><a class="prev" href="/a">« Previous</a><a class="next" href="/b">Next »</a></nav>
<ul class="share-buttons"><li><a href="https://x.example">Tweet</a></li></ul></footer></article>
<section><h3>Related posts</h3><ul><li><a href="/a">Another piece entirely</a></li></ul></section></main>
<footer>Copyright 2026 Ada Quill, licensed under
<a href="https://creativecommons.org/licenses/by-sa/4.0/">CC BY-SA 4.0</a>. Powered by Hugo</footer></body></html>"""


HEAD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Small models, large gardens</title>
<meta name="author" content="Ada Quill"><meta property="article:published_time" content="2026-05-04T00:00:00+00:00">
<meta property="og:type" content="article"></head>"""


def mailed(body=BODY):
    """A newsletter service's copy of a mail on the web: no element is named as the piece."""
    return f"""{HEAD}<body><div id="web-header"><h1>Small models, large gardens</h1><p>May 4, 2026</p></div>
<div class="rendered-post"><div id="content-blocks">{body}<div class="recommendation"><p>Did someone forward this email
to you? Subscribe here.</p></div></div></div><section><h2>Keep Reading</h2><a href="/b">Another piece</a></section>
<form><p>Subscribe to The Ledger</p></form></body></html>"""


def log(body=BODY):
    """A log that somebody has built: its pieces are plain divisions, and what is recent stands below each."""
    return f"""{HEAD}<body><div id="wrapper"><div id="primary"><div class="entry entryPage">
<h2>Small models, large gardens</h2>{body}<p class="entry-footer">Posted <a href="/d">4th May 2026</a> at 1:00 ·
Follow me or <a href="/news">subscribe</a></p></div><div class="recent-articles"><h2>More recent articles</h2><ul>
<li><a href="/b">Another piece</a> - 3rd May 2026</li></ul></div></div></div></body></html>"""


def by_hand(body=BODY):
    """A page that was written by hand, right in its body."""
    return f"{HEAD}<body><h1>Small models, large gardens</h1><p>Ada Quill</p>{body}</body></html>"


SHAPES = {f.__name__: f for f in (substack, hub, ghost, wordpress, platform_story, static, mailed, log, by_hand)}
