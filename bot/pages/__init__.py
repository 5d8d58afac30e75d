"""The borrower's own pages, at `/m/<token>`."""

from bot.page_links import Link, new_link, page_url
from bot.pages.routes import blueprint

__all__ = ["Link", "blueprint", "new_link", "page_url"]
