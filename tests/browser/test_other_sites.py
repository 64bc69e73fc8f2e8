"""Data read by the script of a page that is not ours: a browser lets it, and nothing else of here."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

pytestmark = pytest.mark.browser

READ = """async ([address, options]) => {
    const answer = await fetch(address, options);
    return [answer.status, answer.headers.get("ETag"), answer.headers.get("Link"), await answer.text()];
}"""
TRY = "address => fetch(address).then(() => 'read', () => 'refused')"


class OtherSite(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Un autre site</title>")

    def log_message(self, *args):
        pass


@pytest.fixture
def other_site():
    with HTTPServer(("127.0.0.1", 0), OtherSite) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_script_of_another_site_reads_data_and_no_page(browser, site, other_site):
    page = browser.new_page()
    try:
        page.goto(other_site)
        status, tag, links, text = page.evaluate(READ, [f"{site}/initiatives.json?page=2", {}])
        assert (status, '"page": 2' in text, 'rel="next"' in links) == (200, True, True)
        # This header makes the browser ask first (OPTIONS).
        known = {"headers": {"If-None-Match": tag}, "cache": "no-store"}
        assert page.evaluate(READ, [f"{site}/initiatives.json?page=2", known]) == [304, tag, links, ""]
        for path, status in (("/initiatives.csv", 200), ("/initiatives.json?region=x", 400), ("/nulle.json", 404)):
            assert page.evaluate(READ, [f"{site}{path}", {}])[0] == status
        assert page.evaluate(READ, [f"{site}/initiatives.json", {"method": "POST"}])[0] == 405
        for path in ("/", "/initiatives/", "/initiatives/mobilis/", "/sante/"):
            assert page.evaluate(TRY, f"{site}{path}") == "refused"
    finally:
        page.close()
