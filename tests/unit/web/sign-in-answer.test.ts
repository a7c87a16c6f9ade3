import assert from "node:assert/strict";
import { test } from "node:test";

import { logoutUrl } from "../../../web/src/logout-url";
import { signInProblem } from "../../../web/src/sign-in-answer";
import type { StorageConfig } from "../../../web/src/config";

const HOSTILE = new URLSearchParams({ state: "x", error: "e", error_description: "call 0900" });

test("words out of an address that is not ours are never shown", () => {
  const told = { error: "e", description: "call 0900" };
  assert.doesNotMatch(signInProblem(HOSTILE, false, told), /0900/);
  assert.doesNotMatch(signInProblem(new URLSearchParams({ error: "e" }), false, told), /0900/);
});

test("an error of the issuer is told in words with its own beside them, cut if they are long", () => {
  const told = { error: "access_denied", description: "x".repeat(1_000) };
  const words = signInProblem(HOSTILE, true, told);
  assert.match(words, /^The sign-in was refused or cancelled\. It says: access_denied - x{300}\.$/);
  assert.equal(
    signInProblem(HOSTILE, true, { error: "odd", description: "" }),
    "The issuer reports an error. It says: odd.",
  );
});

test("an answer with neither code nor error is told", () => {
  assert.match(signInProblem(new URLSearchParams({ state: "x" }), true), /neither a code nor an error/);
});

const CONFIG: StorageConfig = {
  issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc123xyz",
  clientId: "web",
  scopes: "openid",
  publicUrl: "https://api.example",
  metadata: { end_session_endpoint: "https://sign-in.example/logout?a=b" },
  metadataProblem: null,
};

test("Cognito is left by its own parameters, without a token in the address", () => {
  assert.equal(
    logoutUrl(CONFIG, "id.token.s"),
    "https://sign-in.example/logout?a=b&client_id=web&logout_uri=https%3A%2F%2Fapi.example%2Fapp",
  );
});

test("any other issuer is left as OpenID Connect says", () => {
  const url = new URL(logoutUrl({ ...CONFIG, issuer: "https://issuer.example" }, "id.token.s"));
  assert.equal(url.searchParams.get("post_logout_redirect_uri"), "https://api.example/app");
  assert.equal(url.searchParams.get("id_token_hint"), "id.token.s");
  assert.equal(url.searchParams.get("logout_uri"), null);
});

test("a look-alike of Cognito is not Cognito", () => {
  const issuer = "https://cognito-idp.eu-west-1.amazonaws.com.attacker.example/x";
  assert.doesNotMatch(logoutUrl({ ...CONFIG, issuer }, null), /logout_uri=/);
});

test("an issuer without a logout leaves the page where it is", () => {
  assert.equal(logoutUrl({ ...CONFIG, metadata: null }, null), "https://api.example/app");
});
