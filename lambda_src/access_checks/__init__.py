"""Checks of your own, which a rule names as "module:function"; docs/access-table.md.

A module here is bundled with the authorizer if a rule names a function of it.
"""
