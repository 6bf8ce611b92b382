"""A feed on loopback that grows while it is polled: the standard library's server, nothing else."""

from __future__ import annotations

import hashlib
import threading
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Publisher:
    """Serves an RSS feed of the items published so far, with an ETag; a context manager."""

    def __init__(self, items: Sequence[Mapping[str, Any]]) -> None:
        self.items = items
        self.answers = 0
        self._body = _rss([])
        self._published: list[tuple[Mapping[str, Any], datetime]] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/feed.xml"

    def publish(self) -> None:
        """Let the next item appear in the feed."""
        self._published.append((self.items[len(self._published)], datetime.now(UTC)))
        self._body = _rss(self._published)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request, with 304 where nothing has changed."""
        body = self._body
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        unchanged = request.headers.get("If-None-Match") == etag
        request.send_response(304 if unchanged else 200)
        request.send_header("ETag", etag)
        if not unchanged:
            request.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if not unchanged:
            request.wfile.write(body)
        self.answers += 1

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _rss(published: Sequence[tuple[Mapping[str, Any], datetime]]) -> bytes:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    ET.SubElement(channel, "title").text = "Marsad demo"
    ET.SubElement(channel, "link").text = "https://marsad.example.org/demo"
    for number, (item, at) in reversed(list(enumerate(published, start=1))):
        entry = ET.SubElement(channel, "item", {"xml:lang": item["language"]})
        ET.SubElement(entry, "title").text = item["title"]
        ET.SubElement(entry, "description").text = item["summary"]
        ET.SubElement(entry, "link").text = f"https://marsad.example.org/demo/{number}"
        ET.SubElement(entry, "guid", isPermaLink="false").text = f"marsad-demo-{number}"
        ET.SubElement(entry, "pubDate").text = format_datetime(at)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
