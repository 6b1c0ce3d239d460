"""Words by which names of people are told from others: what organisations, offices and accounts are called."""

# Names of accounts and offices, of agencies, and of platforms: none is a person, where it stands alone.
NOBODY = frozenset(
    """admin administrator root webmaster editor editors staff team redaktion redacción redaccion redaction rédaction
    redazione redação redactie redakcja редакция guest contributor contributors anonymous anonym anonyme unknown
    none null nil undefined nan author authors autor auteur user username test press newsroom desk writer reporter
    correspondent wordpress blogger owner moderator manager support info contact nobody company publisher n/a na tba
    by von par por me you website web reuters afp dpa apa ap upi efe ansa tass xinhua kyodo bloomberg cnn bbc cnbc
    npr ndr wdr ard zdf orf srf
    mozilla anthropic openai deepmind google microsoft nvidia huggingface eleutherai
    facebook twitter linkedin instagram youtube substack medium ghost 编辑部 编辑 管理员
    編集部 編集者
    管理人 佚名 匿名 本站""".split()
)
# Words that an organisation's name has, and no person's.
GROUP = frozenset(
    """writers reporters authors gmbh mbh ag kg inc ltd llc plc corp corporation company co sarl sas bv nv oy
    ab aps pty verein stiftung fraktion
    partei verband gesellschaft verlag zeitung rundfunk ministerium bundesministerium außenministerium regierung
    agentur agenturen kanzlei foundation institute institut instituto university universität université universidad
    college school academy laboratory labs lab society association federation union council committee commission
    ministry department bureau agency agencies government group consortium collective network organisation
    organization alliance coalition initiative project team staff editors editorial redaktion redaktionsteam
    redacción redaccion redazione rédaction rédactions redação redactie redakcja newsroom news media magazine
    newspaper newsletter podcast radio tv television broadcasting online website blog channel digital publishing
    publications gazette herald tribune chronicle bulletin journal weekly daily digest review themes studio studios
    solutions services consulting technologies software systems press-release contributors correspondents wire desk
    partners sons ediciones editores éditions editions research collectif mouvement syndicat comité communist communiste
    comunista socialist socialiste socialista revolutionary revolutionnaire révolutionnaire""".split()
)
# The same in capitals, behind another word: Ai and Hai are names of people, too.
GROUP_IN_CAPITALS = frozenset("AI HAI CHAI ML NLP MIT USA UK EU UN".split())
# Words of what somebody is, or of where: behind a name they end it.
ROLE = frozenset(
    """writer editor reporter correspondent columnist contributor journalist redakteur redakteurin journaliste
    periodista professor lecturer director ceo cto cfo founder cofounder president chairman chair manager head chief
    senior junior staff freelance fellow analyst researcher scientist engineer economist student candidate lawyer
    attorney rechtsanwalt author producer host executive vice associate assistant deputy special guest political
    technology science business washington foreign national envoyés envoyé spécial spéciaux korrespondent
    korrespondentin chefredakteur autor autorin leiter geschäftsführer for at of the in from""".split()
)
OCCUPATIONS = frozenset(
    """writer editor reporter correspondent columnist contributor journalist redakteur redakteurin journaliste
    periodista professor lecturer director ceo cto cfo founder chairman analyst researcher scientist economist
    attorney producer
    korrespondent korrespondentin chefredakteur leiter geschäftsführer""".split()
)
# Words that a sentence or a button begins with.
NO_NAME = frozenset(
    """the a an this that of for with and or to on in at is are was our your more read all by der die das dem einem
    einer learn show view articles article posts profile follow click here subscribe comments kommentare print email
    reply""".split()
)
# What stands before a name, and is cut.
TITLES = frozenset(
    """rechtsanwalt rechtsanwältin professor professorin journalist reporter editor author autor autorin prof dr med
    habil phil jur rer nat pol dipl ing h.c priv doz mag""".split()
)
# What stands behind a name, and is cut.
DEGREES = frozenset(
    """phd md ma msc mba jd bsc dphil llm mph mfa edd esq cfa cpa rn frs obe mp mep phil habil msw""".split()
)
# What stands behind a name, and is a part of it.
SUFFIXES = frozenset("""jr sr ii iii iv""".split())
# Small words within names.
PARTICLES = frozenset(
    """van von der den de da di del la le du dos das el al bin ibn ben ter ten zu zur af av y e""".split()
)
# The same in more than one word.
NOBODY_IN_WORDS = frozenset(
    {
        *(
            "hugging face",
            "guest author",
            "guest post",
            "guest writer",
            "guest contributor",
            "super user",
            "site admin",
            "the editors",
        ),
        *("staff writer", "staff reporter", "web desk", "news desk", "press release", "press association"),
        *("associated press", "press trust", "usa today", "agence france-presse", "new york times", "washington post"),
        *(
            "new york",
            "los angeles",
            "san francisco",
            "hong kong",
            "new delhi",
            "tel aviv",
            "buenos aires",
            "são paulo",
        ),
        *("mexico city", "washington dc", "united states", "united kingdom", "cape town", "rio de janeiro"),
        *("written by", "posted by", "powered by", "read more", "follow us", "view profile", "log in", "sign in"),
    }
)
