"""The pool's pre-token-generation trigger: what people's tokens say."""
