"""What a stage must satisfy before it is deployed."""
