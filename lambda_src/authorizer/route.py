"""A route as declared, never as called: `GET /orders/{id}`."""

from typing import NewType

RouteKey = NewType("RouteKey", str)

NO_ROUTE = RouteKey("")
"""Stands for an event that names no route, or two different ones; no policy can hold it."""
