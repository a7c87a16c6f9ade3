"""What is taken back before its time: its table, and for how long an entry matters."""
