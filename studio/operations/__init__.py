"""Running the house: queues, demo, backups and health. Above every app; nothing imports it but
the commands."""
