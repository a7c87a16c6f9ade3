"""What the local stack knows of this app: its people, its policy, its log."""
