"""Calls every route as everyone, and judges the answers by what is declared."""
