"""From pressing Render to the POST arriving at the vendor: the embedded default, real processes.

Run it with `make bench`, on a quiet machine. The clock starts when the browser's request is sent
and stops when the vendor's simulator has received ours, both by the same machine's clock.
"""

import re
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.faults.studio_processes import Studio

RENDERS = 30
PROJECT = 3
WAIT_S = 30.0


def sign_in(browser: httpx.Client, studio: Studio, role: str) -> None:
    """Sign in by the form, as a person does."""
    page = browser.get("/accounts/login/")
    form = {
        "csrfmiddlewaretoken": token_in(page.text),
        "login": f"{role}@demo.localhost",
        "password": studio.passwords[role],
    }
    answer = browser.post("/accounts/login/", data=form)
    assert answer.status_code == 302, answer.text


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, "the page has no form"
    return found[1]


def press_render(browser: httpx.Client) -> float:
    """Press Render; when that was, in Unix seconds."""
    dialog = browser.get(f"/projects/{PROJECT}/render/")
    names = "form_token|revision|price|again"
    form = dict(re.findall(rf'name="({names})" value="([^"]*)"', dialog.text))
    form["csrfmiddlewaretoken"] = token_in(dialog.text)
    pressed_at = time.time()
    answer = browser.post(f"/projects/{PROJECT}/render/", data=form)
    assert answer.status_code == 302, answer.text
    return pressed_at


def posted_at(studio: Studio, number: int) -> float:
    """When the vendor received the POST of that number (from 0)."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        posts = [request for request in studio.received() if request["method"] == "POST"]
        if len(posts) > number:
            return float(posts[number]["at"])
        time.sleep(0.01)
    raise AssertionError(f"POST {number} did not arrive within {WAIT_S:.0f} s")


def measure(renders: int = RENDERS) -> list[float]:
    """Seconds from Render to the POST, for that many takes one after another."""
    with TemporaryDirectory() as folder, Studio(Path(folder), speed=60) as studio:
        with httpx.Client(base_url=studio.url, headers={"Origin": studio.url}) as browser:
            sign_in(browser, studio, "creative")
            seconds = []
            for number in range(renders):
                pressed_at = press_render(browser)
                seconds.append(posted_at(studio, number) - pressed_at)
        return seconds


def says(measured: list[float]) -> str:
    """The figures in a sentence."""
    seconds = sorted(measured)
    tail = seconds[int(len(seconds) * 0.95)]
    return (
        f"Render to POST at the vendor, {len(seconds)} takes: "
        f"median {statistics.median(seconds) * 1000:.0f} ms, "
        f"95 % within {tail * 1000:.0f} ms, longest {seconds[-1] * 1000:.0f} ms"
    )


def main() -> int:
    print(says(measure()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
