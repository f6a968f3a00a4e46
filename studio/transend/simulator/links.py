"""Signed links that expire (document: "Signed URLs expire after 24 hours")."""

import hashlib
import hmac
import secrets
from pathlib import Path
from urllib.parse import urlencode

LINK_LIFE_S = 24 * 3600


class Links:
    """Signs video links with a secret that outlives a restart."""

    def __init__(self, storage: Path) -> None:
        path = storage / "links.secret"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(secrets.token_bytes(32))
        self._secret = path.read_bytes()

    def signed(self, path: str, expires_at: float) -> str:
        """Return `path` with a signature that is good until `expires_at` (Unix seconds)."""
        expires = str(int(expires_at))
        return f"{path}?{urlencode({'signature': self._sign(path, expires), 'expires': expires})}"

    def is_good(self, path: str, query: dict[str, str], now: float) -> bool:
        """Whether a link was signed here and has not expired."""
        expires = query.get("expires", "")
        if not (expires.isascii() and expires.isdigit() and len(expires) < 16):
            return False
        given = query.get("signature", "").encode("utf-8", errors="replace")
        is_ours = hmac.compare_digest(given, self._sign(path, expires).encode())
        return is_ours and now < int(expires)

    def _sign(self, path: str, expires: str) -> str:
        text = f"{path}\n{expires}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()
