"""What the page's function cannot get. What a caller asks wrongly is an answer: 404 or 405."""


class IssuerUnavailable(Exception):
    """The issuer's discovery document cannot be had; the message may be shown to anybody."""
