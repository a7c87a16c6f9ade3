"""A backend for the browser: signs people in and keeps their tokens out of every script's reach."""
