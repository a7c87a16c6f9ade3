"""What was taken back before its time, as one table has it: sessions that ended, and tokens."""
