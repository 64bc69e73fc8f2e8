"""A list inside a page of another site, as a browser shows it: only there, and every link leads out of the frame."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

pytestmark = pytest.mark.browser


class Around(BaseHTTPRequestHandler):
    """A page of another site, which shows the list in a frame."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        frame = f'<iframe src="{self.server.shown}" title="Laval" width="390" height="700"></iframe>'
        self.wfile.write(frame.encode())

    def log_message(self, *_said):
        pass


@pytest.fixture
def other_site(site):
    """The address of another site of this machine, which lasts as long as the test."""
    with HTTPServer(("127.0.0.1", 0), Around) as server:
        server.shown = f"{site}/integrer/?region=laval"
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_another_site_shows_the_list_where_the_setting_names_it(visit, site, other_site, settings):
    settings.EMBED_ORIGINS = [other_site]
    page = visit(other_site)
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", level=1).wait_for()
    assert frame.locator("a.ligne").first.inner_text().endswith("911")
    assert page.notes == []
    frame.get_by_role("main").get_by_role("listitem").get_by_role("link").last.click()
    page.wait_for_url(f"{site}/initiatives/*/")  # the whole tab, not the frame


def test_who_leaves_leaves_the_page_around_too(visit, other_site, settings, elsewhere):
    settings.EMBED_ORIGINS = [other_site]
    page = visit(other_site)
    page.frame_locator("iframe").locator("a.quitter").click()
    page.wait_for_url(elsewhere)


def test_no_other_site_shows_it(visit, other_site):
    page = visit(other_site)
    page.wait_for_timeout(1000)
    assert page.frames[1].get_by_role("heading").count() == 0
    assert any("frame-ancestors" in note or "frame" in note for note in page.notes)
