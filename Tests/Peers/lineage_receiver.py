"""Takes events of lineage by HTTP and appends each to a file; now and then it is out of order.

With a status it answers each event with that, after so many seconds, and is in order.

Usage: lineage_receiver.py PORT FILE TOKEN [STATUS SECONDS]
"""

import http.server
import sys
import time

port, path, token = int(sys.argv[1]), sys.argv[2], sys.argv[3]
always, delay = (int(sys.argv[4]), float(sys.argv[5])) if len(sys.argv) > 4 else (None, 0)


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    requests = 0

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size)
        if len(body) < size:
            # Whoever sent it was killed.
            self.close_connection = True
            return None
        Receiver.requests += 1
        if self.path != "/api/v1/lineage" or self.headers["Content-Type"] != "application/json":
            return self.answer(404)
        if self.headers["Authorization"] != f"Bearer {token}":
            return self.answer(401)
        if always:
            time.sleep(delay)
        elif Receiver.requests % 7 == 0:
            return self.answer(503)
        with open(path, "ab") as file:
            file.write(body + b"\n")
        if always:
            return self.answer(always)
        if Receiver.requests % 5 == 0:
            # The event is kept, and the answer is lost.
            self.close_connection = True
            return None
        return self.answer(201)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    allow_reuse_address = True


with Server(("127.0.0.1", port), Receiver) as server:
    print("ready", flush=True)
    server.serve_forever()
