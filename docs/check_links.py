"""Checks the links of the built book: that every page and anchor within it is there.

    python3 docs/check_links.py target/book

Links that leave the book are not followed.
"""

import pathlib
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links of a page and what can be linked to in it."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if attributes.get('id'):
            self.anchors.add(attributes['id'])
        for name in 'href', 'src':
            if tag != 'base' and attributes.get(name):
                self.links.append(attributes[name])


def broken(book):
    """Every broken link with its page."""
    pages = {path: Page(path.read_text('utf-8')) for path in sorted(book.rglob('*.html'))}
    for path, page in pages.items():
        # Links of the page for lost addresses count from the root, wherever it is shown.
        folder = book if path.name == '404.html' else path.parent
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            there = (folder / unquote(parts.path)).resolve() if parts.path else path
            if there.is_dir():
                there = there / 'index.html'
            if not there.is_file():
                yield path, link, 'no such page'
            elif parts.fragment and there in pages:
                if unquote(parts.fragment) not in pages[there].anchors:
                    yield path, link, 'no such anchor'


def main():
    book = pathlib.Path(sys.argv[1]).resolve()
    found = sorted(set(broken(book)))
    for path, link, what in found:
        print(f'{path.relative_to(book)}: {link}: {what}')
    if not any(book.rglob('*.html')):
        sys.exit(f'{book} holds no page')
    sys.exit(1 if found else 0)


if __name__ == '__main__':
    main()
