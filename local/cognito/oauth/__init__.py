"""The endpoints of a user pool's domain: `/oauth2/*`, `/login`, `/logout`."""
