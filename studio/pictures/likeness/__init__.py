"""How different the shots of two films look, whatever mark they carry."""
