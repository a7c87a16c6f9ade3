"""What a bundle is made of: its packages, their licences, its bill of materials."""
