"""A small HTTP server that keeps what it is sent and answers what a test wants."""

import http.server
import threading


class Receiver:
    """`answer(n, headers, body)` is the status of the n-th request (0, 1, ...); 200 without it."""

    def __init__(self, answer=lambda number, headers, body: 200):
        self.changed = threading.Condition()
        self.received = []  # (headers, body)
        self.answer = answer
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.changed:
                    number = len(outer.received)
                    outer.received.append((self.headers, body))
                    outer.changed.notify_all()
                self.send_response(outer.answer(number, self.headers, body))
                self.end_headers()

            def log_message(self, *_):
                """Nothing."""

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def wait_for(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.received) >= count, 60), self.received
            return self.received[:count]
