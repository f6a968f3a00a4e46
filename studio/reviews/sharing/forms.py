"""What members type about links and about their brand."""

from typing import Any

from django import forms

from studio.accounts.forms import HouseForm
from studio.reviews.models import ShareLink
from studio.reviews.sharing.entering import MAX_PASSPHRASE
from studio.reviews.sharing.links import DEFAULT_DAYS, MAX_DAYS, Terms

MIN_PASSPHRASE = 8
MOST_VIEWS = 10_000


def _days(label: str, **more: Any) -> forms.IntegerField:
    wrong = f"Type a number of days from 1 to {MAX_DAYS}."
    messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
    return forms.IntegerField(
        label=label, min_value=1, max_value=MAX_DAYS, error_messages=messages, **more
    )


class _Passphrase(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label="Passphrase",
            required=False,
            strip=False,
            min_length=MIN_PASSPHRASE,
            max_length=MAX_PASSPHRASE,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            error_messages={
                "min_length": f"Take at least {MIN_PASSPHRASE} characters: three words, say.",
                "max_length": f"Shorten the passphrase to {MAX_PASSPHRASE} characters at most.",
            },
        )


class _Label(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label="For whom",
            required=False,
            max_length=120,
            error_messages={"max_length": "Shorten this to 120 characters at most."},
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )


class _Cap(forms.IntegerField):
    def __init__(self) -> None:
        wrong = f"Type a number from 1 to {MOST_VIEWS:,}, or leave it empty."
        super().__init__(
            label="People at most",
            required=False,
            min_value=1,
            max_value=MOST_VIEWS,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        )


class NewLinkForm(HouseForm):
    """A link to be made."""

    label = _Label()
    subject = forms.ChoiceField(
        label="What they see", choices=ShareLink.Subject.choices, initial=ShareLink.Subject.PREVIEW
    )
    rights = forms.ChoiceField(
        label="What they may do", choices=ShareLink.Rights.choices, initial=ShareLink.Rights.VIEW
    )
    days = _days("Expires after", initial=DEFAULT_DAYS)
    passphrase = _Passphrase()
    view_cap = _Cap()
    asks_name = forms.BooleanField(label="Ask for a name", required=False, initial=True)
    marks_viewer = forms.BooleanField(
        label="Burn the name into the preview", required=False, initial=True
    )

    @property
    def terms(self) -> Terms:
        """What was typed; the form is valid."""
        return Terms(**self.cleaned_data)


class LinkForm(HouseForm):
    """A link to be changed. The passphrase that there is, is not known to anybody."""

    label = _Label()
    days = _days("Let it expire in", required=False)
    view_cap = _Cap()
    passphrase = _Passphrase()
    opens_freely = forms.BooleanField(label="Take the passphrase off", required=False)

    @property
    def changes(self) -> dict[str, Any]:
        """What `links.change` takes; the form is valid."""
        typed = self.cleaned_data
        passphrase = "" if typed["opens_freely"] else typed["passphrase"] or None
        return {
            "label": typed["label"],
            "days": typed["days"],
            "view_cap": typed["view_cap"],
            "passphrase": passphrase,
        }
