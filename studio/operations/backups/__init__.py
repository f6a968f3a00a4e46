"""Backups: a folder with the database, the vault and a manifest of SHA-256 sums.

The API keys' ciphertext is in the database; the keyring that opens it is left out unless asked for,
so that a copied backup alone opens no key. Keep the keyring elsewhere.
"""
