"""Hosts of the template that exist nowhere, played on this machine: an issuer, a server."""
