import assert from "node:assert/strict";
import { test } from "node:test";

import { unmetRequirements, type Bearer, type Rule } from "../../../web/src/conditions";
import { explainRefusal, predict, type Situation } from "../../../web/src/refusal-reasons";
import type { RouteInfo } from "../../../web/src/routes";

const POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123";
const NOW = 1_800_000_000;
const CLAIMS = {
  iss: POOL,
  token_use: "access",
  scope: "openid orders/read",
  "cognito:groups": ["support"],
  beta: true,
  n: 1,
  tenants: ["acme", "globex"],
  realm_access: { roles: ["customer"] },
  auth_time: NOW - 60,
};
const bearer = (claims: Record<string, unknown> = CLAIMS): Bearer => ({ claims, issuerName: "cognito", parameters: { tenant: "acme" }, now: NOW });
const asking = (...asks: Record<string, unknown>[]): Rule => asks.map((ask) => ({ asks: ask, inWords: "what is asked" }));
const claim = (name: string | string[], must: Record<string, unknown>): Record<string, unknown> => ({ claim: [name].flat(), must });
const TENANT = { path_parameter: "tenant" };

const lacks = (asks: Record<string, unknown>, claims: Record<string, unknown> = CLAIMS): string[] => unmetRequirements(asking(asks), bearer(claims));

for (const [name, asks] of Object.entries<Record<string, unknown>>({
  issuer: { issuers: ["partner", "cognito"] },
  "token use": { token_use: "access" },
  "every scope": { scopes_all: ["orders/read", "openid"] },
  "a scope": { scopes_any: ["other", "openid"] },
  "every group": { groups_all: ["support"] },
  "a group": { groups_any: ["admins", "support"] },
  "a claim": claim("beta", { be_one_of: [true] }),
  "one of several values": claim("n", { be_one_of: [3, 1] }),
  "a claim inside another": claim(["realm_access", "roles"], { contain_all: ["customer"] }),
  "a parameter in an array": claim("tenants", { contain_all: [TENANT] }),
  "a member of several": claim("tenants", { contain_any: ["x", "acme"] }),
  "another value": claim("n", { not: { be_one_of: [2] } }),
  "an array without a value": claim("tenants", { not: { contain_any: ["initech"] } }),
  "a number": claim("n", { be_number: { at_least: 1, above: 0, at_most: 1, below: 2 } }),
  "a recent time": claim("auth_time", { be_no_older_than_seconds: 60 }),
  "a check that the API alone can ask": { check: "delegation:in_person" },
})) {
  test(`a token that holds what is asked lacks nothing: ${name}`, () => {
    assert.deepEqual(lacks(asks), []);
  });
}

for (const [words, asks] of Object.entries<Record<string, unknown>>({
  "was issued by cognito, and this route accepts only a or b": { issuers: ["a", "b"] },
  "is an access token, and this route needs an ID token": { token_use: "id" },
  "lacks the scope orders/write, x": { scopes_all: ["orders/write", "orders/read", "x"] },
  "lacks the scope orders or x": { scopes_any: ["orders", "x"] },
  "lacks the group admins": { groups_all: ["admins", "support"] },
  "lacks the group admins or owners": { groups_any: ["admins", "owners"] },
  "lacks what is asked": claim("tenant", { be_one_of: [TENANT] }),
  "lacks what is asked: it is true": claim("beta", { be_one_of: [1] }),
  "lacks what is asked: it is 1": claim("n", { not: { be_one_of: ["x"] } }),
  'lacks what is asked: it is ["acme","globex"]': claim("tenants", { contain_all: ["acme", "initech"] }),
  'lacks what is asked: it is {"roles":["customer"]}': claim("realm_access", { contain_all: ["customer"] }),
  "lacks what is asked: it is 1799999940": claim("auth_time", { be_no_older_than_seconds: 59 }),
})) {
  test(`what a token lacks is told: it ${words}`, () => {
    assert.deepEqual(lacks(asks), [words]);
  });
}

for (const bounds of [{ at_least: 2 }, { above: 1 }, { at_most: 0 }, { below: 1 }]) {
  test(`a number outside its bounds is told: ${JSON.stringify(bounds)}`, () => {
    assert.deepEqual(lacks(claim("n", { be_number: bounds })), ["lacks what is asked: it is 1"]);
  });
}

test("a condition that the page does not know is told in its words", () => {
  assert.deepEqual(lacks({ moon: "full" }), ["lacks what is asked"]);
});

test("scopes and groups are read as the authorizer reads them", () => {
  assert.deepEqual(lacks({ scopes_all: ["a"] }, { scp: ["a"] }), []);
  assert.deepEqual(lacks({ groups_any: ["g"] }, { groups: ["g"] }), []);
  assert.deepEqual(lacks({ scopes_all: ["a"] }, { scp: "a b" }), []);
  assert.deepEqual(lacks({ scopes_all: ["a"] }, { scope: ["a", "b"], scp: "c" }), []);
  assert.deepEqual(lacks({ scopes_all: ["a"] }, { scopes: ["a"] }), []);
  assert.deepEqual(lacks({ scopes_all: ["a"] }, { scp: "c", scopes: ["a"] }), ["lacks the scope a"]);
  assert.deepEqual(lacks({ scopes_all: ["a"] }, { scope: 7 }), ["lacks the scope a"]);
});

test("groups are those of the issuer: a user pool's are cognito:groups, another's are groups", () => {
  const lacksAdmins = ["lacks the group admins"];
  const both = { groups: ["admins"], "cognito:groups": ["support"] };
  assert.deepEqual(lacks({ groups_any: ["admins"] }, { iss: POOL, groups: ["admins"] }), lacksAdmins);
  assert.deepEqual(lacks({ groups_any: ["admins"] }, { iss: POOL, ...both }), lacksAdmins);
  assert.deepEqual(lacks({ groups_any: ["support"] }, { iss: POOL, ...both }), []);
  assert.deepEqual(lacks({ groups_any: ["admins"] }, { iss: "https://idp.example", ...both }), []);
});

test("what a route will say is told as far as it can be known without a path", () => {
  const rule = asking(claim("tenant", { be_one_of: [{ path_parameter: "t" }] }), claim("beta", { be_one_of: [true] }));
  const said = (claims: Record<string, unknown>, ...rules: Rule[]) => predict(rules, bearer(claims));
  assert.deepEqual(said({ tenant: "acme", beta: true }, rule), {
    words: 'Your token holds what it asks for where t is "acme".',
    isGood: true,
  });
  assert.deepEqual(said({}, rule), {
    words: "Your token lacks what is asked; it lacks the claim tenant.",
    isGood: false,
  });
  const ofSeveral = asking(claim("tenants", { contain_all: [{ path_parameter: "t" }] }));
  const words = 'Your token holds what it asks for where t is in ["acme","globex"].';
  assert.equal(said(CLAIMS, rule, ofSeveral).words, words);
  assert.equal(said({}, []).words, "Your token holds what it asks for.");
});

const ROUTE: RouteInfo = {
  key: "GET /orders",
  method: "GET",
  path: "/orders",
  authorizer: "lambda",
  cookie: true,
  ruleInWords: "",
  anyOf: [asking({ scopes_all: ["orders/write"] }, { groups_any: ["admins"] })],
  sampleBody: null,
};
const SITUATION: Situation = { route: ROUTE, mode: "storage", claims: CLAIMS, issuerName: "cognito", parameters: {}, isExpired: false, now: NOW };

const explained = (status: number, changes: Partial<Situation> = {}, challenge: string | null = null): string =>
  explainRefusal({ ...SITUATION, ...changes }, { status, challenge });

test("403 tells everything that the token lacks", () => {
  assert.equal(explained(403), "The token lacks the scope orders/write; it lacks the group admins.");
});

test("403 where one of several rules must hold tells what is missing of the closest", () => {
  const anyOf = [...(ROUTE.anyOf ?? []), asking({ groups_any: ["owners"] })];
  assert.equal(explained(403, { route: { ...ROUTE, anyOf } }), "The token lacks the group owners.");
});

test("403 where several rules are equally close tells what is missing of each, but for another issuer's", () => {
  const admin = asking({ groups_any: ["admins"] });
  const owner = asking({ claim: ["sub"], must: { be_one_of: [{ path_parameter: "user" }] } });
  const partner = asking({ issuers: ["partner"] });
  const parameters = { user: "somebody-else" };
  const said = (...anyOf: Rule[]) => explained(403, { parameters, route: { ...ROUTE, anyOf } });
  const [ofAdmin, ofOwner] = [said(admin), said(owner)].map((text) => text.replace("The token ", "").replace(/\.$/, ""));
  assert.equal(said(admin, owner), `The token ${ofAdmin}, or it ${ofOwner}.`);
  assert.equal(said(partner, admin, owner), `The token ${ofAdmin}, or it ${ofOwner}.`);
  assert.match(said(partner), /^The token was issued by cognito/);
});

test("403 for a token that lacks nothing does not guess", () => {
  assert.match(explained(403, { route: { ...ROUTE, anyOf: [[]] } }), /^The token holds all that the rule/);
  assert.match(explained(403, { claims: null }), /not because of a token: none was sent/);
});

test("401 without a session is about that", () => {
  assert.match(explained(401, { claims: null }), /^You are not signed in/);
});

test("401 of an expired token is about that", () => {
  assert.match(explained(401, { isExpired: true }), /^The access token has expired/);
});

test("401 at a route that reads no cookie is about that, in mode cookie only", () => {
  const route = { ...ROUTE, cookie: false };
  assert.match(explained(401, { mode: "cookie", route }), /^This route reads no cookie: GET \/orders/);
  assert.doesNotMatch(explained(401, { route }), /cookie/);
});

test("401 in mode cookie names what only that mode can lack", () => {
  assert.match(explained(401, { mode: "cookie" }), /anti-CSRF header or came from another origin/);
});

test("401 repeats what the API says of the token, as far as it says it", () => {
  const challenge = 'Bearer error="invalid_token" error_description="the token has expired"';
  assert.equal(explained(401, {}, challenge), "The API refused the token: the token has expired.");
  assert.match(explained(401, {}, "Bearer"), /^The API refused the token without a reason/);
});

test("401 of the built-in authorizer for a foreign issuer's route is about the issuer", () => {
  const route = { ...ROUTE, authorizer: "jwt", anyOf: [asking({ issuers: ["partner"] })] };
  const words = "The token was issued by cognito, and this route accepts only partner.";
  assert.equal(explained(401, { route }), words);
});

test("other answers are told apart from a refusal of the token", () => {
  assert.match(explained(404), /Nothing is at this address/);
  assert.match(explained(429), /Too many requests/);
  assert.match(explained(500), /fault is the API's/);
  assert.match(explained(400), /accepted the token and refused the request/);
});
