"""A Hugging Face Hub of a few files on this machine, as far as a download asks it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "1a" * 20


@contextmanager
def hub_server(models: Mapping[str, Mapping[str, bytes]]) -> Iterator[tuple[str, list[str]]]:
    """Serve models by their names, each as its files.

    Yields:
        The server's address, and the paths that were asked for with GET so far.
    """
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            asked.append(urlsplit(self.path).path)
            self._answer()

        def _answer(self) -> None:
            parts = unquote(urlsplit(self.path).path).strip("/").split("/")
            if parts[:2] == ["api", "models"] and (files := models.get("/".join(parts[2:4]))) is not None:
                listed: list[dict[str, Any]] = [
                    {"type": "file", "rfilename": name, "path": name, "size": len(content), "oid": COMMIT}
                    for name, content in files.items()
                ]
                about = {"id": "/".join(parts[2:4]), "sha": COMMIT, "siblings": listed}
                answer = json.dumps(listed if "tree" in parts else about)
                self._send(200, answer.encode(), {"Content-Type": "application/json"})
            elif len(parts) > 4 and parts[2] == "resolve":
                content = models.get("/".join(parts[:2]), {}).get("/".join(parts[4:]))
                if content is None:
                    self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
                    return
                tag = hashlib.sha1(content, usedforsecurity=False).hexdigest()
                self._send(200, content, {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT})
            else:
                self._send(404, b"", {"X-Error-Code": "RepoNotFound"})

        def _send(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
