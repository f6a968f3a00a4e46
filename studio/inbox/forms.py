"""What people type here: when to get e-mails, and where a chat is."""

from typing import Any

from django import forms

from studio.accounts.forms import HouseForm
from studio.inbox import digests
from studio.inbox.chat.checking import MAX_NAME
from studio.inbox.models import IN_CHAT, label_in_chat

_HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class MailForm(HouseForm):
    """When the daily e-mail is sent, and whether any is."""

    sends = forms.ChoiceField(
        label="E-mail",
        choices=[
            ("all", "As chosen below"),
            ("no_daily", "At once only: no daily e-mail"),
            ("none", "None: I read everything in the app"),
        ],
    )
    hour = forms.TypedChoiceField(label="Daily e-mail at", choices=_HOURS, coerce=int)
    time_zone = forms.ChoiceField(label="Time zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = self.fields["time_zone"]
        zones.choices = [(zone, zone.replace("_", " ")) for zone in digests.time_zones()]  # type: ignore[attr-defined]


class HookForm(HouseForm):
    """A webhook's name and what is posted to it."""

    name = forms.CharField(
        label="Name", max_length=MAX_NAME, error_messages={"required": "Give it a name."}
    )
    kinds = forms.MultipleChoiceField(
        label="Post",
        choices=[(kind.value, label_in_chat(kind)) for kind in IN_CHAT],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind of event to post."},
    )


class NewHookForm(HookForm):
    """A webhook to add. `take` empties the form of the address, so that no page can echo it."""

    address = forms.CharField(
        label="Webhook address",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste the webhook's address from the chat."},
    )
    field_order = ("name", "address", "kinds")

    def take(self) -> tuple[str, str, list[str]]:
        """Name, address and kinds as typed. The form then forgets the address, also one pasted as
        a name."""
        name, address = (self.cleaned_data.get(field, "") for field in ("name", "address"))
        kinds = self.cleaned_data.get("kinds", [])
        shown = self.data.get("name", "")
        self.data = {
            "name": "" if "://" in shown or (address and address in shown) else shown,
            "kinds": kinds,
        }
        self.cleaned_data = {}
        return name, address, kinds
