"""PDFs as programs make them, in a few lines: pages of text with a head and a foot, and what they say of themselves."""

import io

import pypdf
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

FONT = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"><xmp:CreateDate>2026-03-09T10:00:00+01:00</xmp:CreateDate>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Small models, large gardens</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Ada Quill</rdf:li><rdf:li>Béla Inkwell</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>
<xmpRights:WebStatement>https://creativecommons.org/licenses/by/4.0/</xmpRights:WebStatement>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def pdf(*pages, locked_with=None, xmp=None, outline=(), **said):
    """A PDF with these pages, each a list of lines. `said`: its document information, as in Title="…"."""
    shown = ("".join(f"({_escaped(line)}) Tj 0 -14 Td\n" for line in lines) for lines in pages)
    contents = [f"BT /F1 12 Tf 72 720 Td\n{lines}ET" for lines in shown]
    return _made(contents, xmp=xmp, outline=outline, lock=locked_with and (locked_with, None, "RC4-128"), **said)


def placed(*pages, lock=None, **said):
    """A PDF with these pages, each a list of (x, y, size, text), written in this order.

    `lock`: the password of who reads it, that of its owner, and the algorithm.
    """
    contents = [
        "".join(f"BT /F1 {size} Tf {x} {y} Td ({_escaped(text)}) Tj ET\n" for x, y, size, text in page)
        for page in pages
    ]
    return _made(contents, lock=lock, **said)


def drawn(*contents, **said):
    """A PDF with these pages, each the operators that draw it; its font is /F1."""
    return _made(contents, **said)


def _made(contents, *, lock=None, xmp=None, outline=(), **said):
    writer = pypdf.PdfWriter()
    for drawing in contents:
        page = writer.add_blank_page(612, 792)
        content = DecodedStreamObject()
        content.set_data(drawing.encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(content)
        font = DictionaryObject({NameObject(name): NameObject(value) for name, value in FONT.items()})
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    writer.add_metadata({f"/{name}": value for name, value in said.items()})
    if xmp:
        writer.xmp_metadata = xmp.encode()
    for title, number in outline:
        writer.add_outline_item(title=title, page_number=number)
    if lock:
        writer.encrypt(lock[0], lock[1], algorithm=lock[2])
    body = io.BytesIO()
    writer.write(body)
    return body.getvalue()


def _escaped(line):
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
