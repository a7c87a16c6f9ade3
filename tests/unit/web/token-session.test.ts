import assert from "node:assert/strict";
import { test } from "node:test";

import type { PageStorage } from "../../../web/src/page-storage";
import type { ServerClock } from "../../../web/src/server-clock";
import { TokenSession } from "../../../web/src/token-session";

const ISSUER = "https://issuer.example";
const REVOCATION = `${ISSUER}/revoke`;
const SIGNED_IN = {
  access_token: "access",
  refresh_token: "refresh",
  token_type: "Bearer",
  profile: { sub: "u-1" },
};

/** Every request of a sign-out, in its order; the API answers with a status. */
async function signOut(revokesSessions: boolean, status: number): Promise<[string[], string | null]> {
  const asked: string[] = [];
  const kept = new Map([[`oidc.user:${ISSUER}:page`, JSON.stringify(SIGNED_IN)]]);
  const storage = {
    get length() {
      return kept.size;
    },
    problem: null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (index: number) => [...kept.keys()][index] ?? null,
    keys: () => [...kept.keys()],
  } as unknown as PageStorage;
  globalThis.fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    asked.push(`${init?.method} ${String(input)} ${headers.get("authorization") ?? ""}`.trim());
    return new Response(null, { status: String(input) === REVOCATION ? 200 : status });
  };
  const session = new TokenSession(
    {
      issuer: ISSUER,
      clientId: "page",
      scopes: "openid",
      publicUrl: "https://api.example",
      metadata: { issuer: ISSUER, revocation_endpoint: REVOCATION },
      metadataProblem: null,
      revokesSessions,
    },
    storage,
    { now: () => 0 } as unknown as ServerClock,
  );
  const problem = await session.forget();
  assert.equal(kept.size, 0, "the tokens are forgotten either way");
  return [asked, problem];
}

test("a sign-out has the API refuse the tokens before the issuer ends them", async () => {
  const [asked, problem] = await signOut(true, 201);
  assert.deepEqual(asked, ["POST /session/revoke Bearer access", `POST ${REVOCATION}`]);
  assert.equal(problem, null);
});

test("a token that the API refuses already needs no refusing", async () => {
  assert.equal((await signOut(true, 401))[1], null);
});

test("a refusal that could not be had is told", async () => {
  const [, problem] = await signOut(true, 503);
  assert.match(problem ?? "", /the API could not be told to refuse them. It answered 503/);
});

test("without revocation the API is told nothing", async () => {
  const [asked] = await signOut(false, 201);
  assert.deepEqual(asked, [`POST ${REVOCATION}`]);
});
