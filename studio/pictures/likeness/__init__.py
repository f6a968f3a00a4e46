"""How much the shots of one film look different from those of another, whatever mark they carry."""
