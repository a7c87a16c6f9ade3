"""Cognito's own API, `POST /` with `X-Amz-Target`: what moto has, and what it lacks."""
