"""Why a token is let in or refused, said to a person. No function needs it: no bundle has it."""
