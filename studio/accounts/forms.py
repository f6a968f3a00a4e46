"""What admins type: new keys, new members, roles."""

from typing import Any

from django import forms

from studio.accounts.models import Role


class HouseForm(forms.Form):
    """A form whose fields tell a screen reader what is wrong with them."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class NewKeyForm(HouseForm):
    """A vendor key to store. `take` empties the form of it, so that no page can echo it."""

    label = forms.CharField(
        label="Label",
        max_length=80,
        error_messages={"required": "Give the key a label, such as the account it belongs to."},
    )
    secret = forms.CharField(
        label="API key",
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste the key from the Transend console."},
    )

    def take(self) -> tuple[str, str]:
        """Label and key as typed. The form then forgets the key, also one pasted as a label."""
        label, secret = (self.cleaned_data.get(name, "") for name in ("label", "secret"))
        shown = self.data.get("label", "")
        self.data = {"label": "" if secret and secret in shown else shown}
        self.cleaned_data = {}
        return label, secret


class NewMemberForm(HouseForm):
    """Somebody to add, with or without an account."""

    email = forms.EmailField(
        label="E-mail",
        error_messages={
            "required": "Type the person's e-mail address.",
            "invalid": "This is not a whole e-mail address, such as mia@example.com.",
        },
    )
    name = forms.CharField(label="Name", max_length=120, required=False)
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.CREATIVE)


class RoleForm(HouseForm):
    """Another role for a member."""

    role = forms.ChoiceField(choices=Role.choices)
