"""FastAPI: verified tokens as a dependency."""

import os
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from jwt_verifier import JwtVerifier, KeysUnavailable, TokenRejected, VerifiedToken

verifier = JwtVerifier.oidc(os.environ["ISSUER"], audiences=[os.environ["AUDIENCE"]])
app = FastAPI()


def caller(sent: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> VerifiedToken:
    """Return who calls; FastAPI answers 401 by itself where the header is missing."""
    try:
        return verifier.verify(sent.credentials)
    except TokenRejected:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None
    except KeysUnavailable:
        raise HTTPException(503) from None


@app.get("/orders")
def orders(token: Annotated[VerifiedToken, Depends(caller)]) -> dict[str, str | None]:
    """Answer with whose orders they are."""
    return {"orders_of": token.subject}
