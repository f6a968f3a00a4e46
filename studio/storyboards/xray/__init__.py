"""The contract x-ray: what of a board is sent, as what, and what stays here, and why. Pure."""
