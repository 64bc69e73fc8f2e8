"""An editor at her browser: she logs in with both factors, reads, writes and sends what she wrote again."""

import base64
import http.client
import time
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from django_otp.oath import TOTP

from .faults import Broken

FICHE = "/admin/initiatives/initiative/{}/change/"
IMPORT = "/admin/initiatives/initiative/importer/"


class Form(HTMLParser):
    """The fields of the forms of a page, as a browser would send them back; their addresses; what is inside <code>."""

    def __init__(self, page: str):
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.actions: list[str] = []
        self.codes: list[str] = []
        self.inside, self.name, self.text = "", "", ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.actions.append(given.get("action") or "")
        elif tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            if kind in ("submit", "file", "button") or (kind in ("checkbox", "radio") and "checked" not in given):
                return
            self.fields.append((given["name"], given.get("value") or ("on" if kind == "checkbox" else "")))
        elif tag == "select":
            self.name = given.get("name", "")
        elif tag == "option" and "selected" in given and self.name:
            self.fields.append((self.name, given.get("value") or ""))
        if tag in ("textarea", "code"):
            self.inside, self.text = tag, ""
            self.area = given.get("name", "")

    def handle_data(self, data):
        if self.inside:
            self.text += data

    def handle_endtag(self, tag):
        if tag == self.inside == "textarea":
            self.fields.append((self.area, self.text.removeprefix("\n")))
        elif tag == self.inside == "code":
            self.codes.append(self.text.strip())
        if tag == self.inside:
            self.inside = ""

    def value(self, name: str) -> str:
        return next((value for found, value in self.fields if found == name), "")


class Editor:
    """A browser with her cookies, at the site on this port."""

    def __init__(self, port: int, name: str, password: str, cookies: dict[str, str] | None = None):
        self.port, self.name, self.password = port, name, password
        self.cookies = {} if cookies is None else cookies

    def ask(self, path: str, data=None, headers: dict | None = None, timeout: float = 60):
        """(status, page, headers) of an answer; a redirection is not followed."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | (headers or {})
        if isinstance(data, dict | list):
            data, sent["Content-Type"] = urlencode(data), "application/x-www-form-urlencoded"
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            browser.request("GET" if data is None else "POST", path, data, sent)
            answer = browser.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__, "", {}
        finally:
            browser.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer.status, page, answer.headers

    def send(self, path: str, page: str, changed: dict):
        """Sends the form of a page back, with these fields changed."""
        fields = [(name, value) for name, value in Form(page).fields if name not in changed]
        return self.ask(path, [*fields, *changed.items()])

    def log_in(self) -> "Editor":
        """Raises Broken where the site does not let her in."""
        _status, page, _headers = self.ask("/admin/login/")
        given = {"username": self.name, "password": self.password, "next": "/admin/"}
        self.send("/admin/login/", page, given)
        address = "/admin/second-facteur/?next=/admin/"
        _status, page, _headers = self.ask(address)
        secret = next(iter(Form(page).codes), "")
        if not secret:
            raise Broken(f"{self.name} could not log in: {page[:300]!r}")
        self.key = base64.b32decode(secret.upper())
        totp = TOTP(self.key)
        totp.time = time.time()
        self.send(address, page, {"code": f"{totp.token():06d}"})
        status, page, _headers = self.ask("/admin/")
        if status != 200:
            raise Broken(f"{self.name} could not enter: {status}")
        return self

    def save(self, number: int, field: str, value: str):
        """Opens a fiche, changes a field and saves it: the status of the save (302 when it is done), and its page."""
        path = FICHE.format(number)
        status, page, _headers = self.ask(path)
        if status != 200:
            return status, page
        status, page, _headers = self.send(path, page, {field: value, "_save": "Enregistrer"})
        return status, page

    def upload(self, content: bytes, name: str = "fiches.csv"):
        """The page of a trial: (status, page)."""
        token, edge = Form(self.ask(IMPORT)[1]).value("csrfmiddlewaretoken"), "edge-of-a-part"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        file = f'--{edge}\r\nContent-Disposition: form-data; name="fichier"; filename="{name}"\r\n'
        body = f"{head}{file}Content-Type: text/csv\r\n\r\n".encode() + content + f"\r\n--{edge}--\r\n".encode()
        status, page, _headers = self.ask(
            IMPORT, body, {"Content-Type": f"multipart/form-data; boundary={edge}"}, timeout=120
        )
        return status, page

    def confirm(self, page: str):
        """What confirms an import, until its last word: (status, page)."""
        form = Form(page)
        action = next(one for one in form.actions if one.startswith(IMPORT) and one[len(IMPORT)].isdigit())
        status, page, _headers = self.ask(
            action, {"csrfmiddlewaretoken": form.value("csrfmiddlewaretoken")}, timeout=300
        )
        return status, page
