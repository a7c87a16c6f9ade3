"""What tells people that something is wrong: alarms, and where they are sent."""
