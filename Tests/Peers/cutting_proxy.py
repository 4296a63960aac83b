"""A proxy that cuts connections at chosen points, as bad networks do."""

import http.client
import http.server
import socket
import threading
import urllib.parse

# Where a request's way is cut: before anything of it reaches the server, in the middle of it, after the server has
# answered but before anything of the answer is passed on, and in the middle of the answer.
POINTS = ("before", "within request", "after", "within answer")


class CuttingProxy:
    """Passes requests on to a server, and cuts commits where it is told to."""

    def __init__(self, uri):
        self.target = urllib.parse.urlsplit(uri)
        self.point = None
        self.left = 0
        self.cut = 0
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                proxy.pass_on(self)

            do_GET = do_HEAD = do_DELETE = do_POST

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.uri = f"http://127.0.0.1:{self.server.server_port}{self.target.path}"

    def cutting(self, point, times):
        """Cuts the next commits, so many of them."""
        self.point, self.left, self.cut = point, times, 0

    def is_commit(self, handler):
        path = urllib.parse.urlsplit(handler.path).path
        is_table = path.rsplit("/", 2)[-2] == "tables"
        return handler.command == "POST" and (path.endswith("/transactions/commit") or is_table)

    def pass_on(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        point = None
        if self.left > 0 and self.is_commit(handler):
            self.left -= 1
            self.cut += 1
            point = self.point
        if point == "before":
            return self.close(handler)
        if point == "within request":
            self.send_half(handler, body)
            return self.close(handler)
        connection = http.client.HTTPConnection(self.target.hostname, self.target.port, timeout=600)
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "host"}
        headers["Host"] = self.target.netloc
        connection.request(handler.command, handler.path, body, headers)
        answer = connection.getresponse()
        payload = answer.read()
        connection.close()
        if point == "after":
            return self.close(handler)
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        lines += [f"{name}: {value}" for name, value in answer.getheaders() if name.lower() != "transfer-encoding"]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if point == "within answer":
            whole = head + payload
            handler.wfile.write(whole[: len(whole) // 2])
            return self.close(handler)
        handler.wfile.write(head + payload)

    def send_half(self, handler, body):
        lines = [f"{handler.command} {handler.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in handler.headers.items()]
        whole = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body
        with socket.create_connection((self.target.hostname, self.target.port)) as connection:
            connection.sendall(whole[: len(whole) - len(body) // 2 - 1])

    @staticmethod
    def close(handler):
        handler.close_connection = True
        try:
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
