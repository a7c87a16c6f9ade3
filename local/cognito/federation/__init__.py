"""The pool as a client of OIDC providers: who they sign in becomes a person of the pool."""
