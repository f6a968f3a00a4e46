"""Sends files as the import's form does, and follows it to the preview."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile


class Import:
    """The answer to an upload, and the preview it led to."""

    def __init__(self, client, answer):
        self.client, self.answer = client, answer
        self.address = answer.headers.get("Location", "")
        self.page = (client.get(self.address) if self.address else answer).content.decode()

    def preview(self, **choices):
        return self.client.get(self.address, choices).content.decode()

    def confirm(self, page=None, **more):
        """Press Import on the page, with what its form carries."""
        form = (
            (page or self.page)
            .split('<form class="fields" method="post"', 1)[1]
            .split("</form>")[0]
        )
        hidden = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
        data = {name: value for name, value in hidden if name != "leave_out"}
        return self.client.post(self.address, data | more)


@pytest.fixture
def bring():
    """`bring(client, raw, name, project)`: upload bytes, or paste a text, for a board or anew."""

    def send(client, what, name="shots.csv", project=None):
        address = f"/projects/{project.pk}/import/" if project else "/projects/import/"
        data = {"workspace": "kitchen"}
        if isinstance(what, str):
            data["pasted"] = what
        else:
            data["file"] = SimpleUploadedFile(name, what)
        return Import(client, client.post(address, data))

    return send
