import assert from "node:assert/strict";
import { test } from "node:test";

import { explainRefusal, predict, unmetRequirements, type Situation } from "../../../web/src/refusal-reasons";
import type { RouteInfo, Rule } from "../../../web/src/routes";

const NO_RULE: Rule = { issuers: [], tokenUse: null, scopesAll: [], scopesAny: [], groupsAny: [], claims: {} };
const POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123";
const CLAIMS = { iss: POOL, token_use: "access", scope: "openid orders/read", "cognito:groups": ["support"], beta: true, n: 1 };

const lacks = (rule: Partial<Rule>, claims: Record<string, unknown> = CLAIMS): string[] =>
  unmetRequirements({ ...NO_RULE, ...rule }, claims, "cognito", { tenant: "acme" });

for (const [name, rule] of Object.entries<Partial<Rule>>({
  nothing: {},
  issuer: { issuers: ["partner", "cognito"] },
  "token use": { tokenUse: "access" },
  "every scope": { scopesAll: ["orders/read", "openid"] },
  "a scope": { scopesAny: ["other", "openid"] },
  "a group": { groupsAny: ["admins", "support"] },
  claims: { claims: { beta: true, n: 1 } },
})) {
  test(`a token that holds what is asked lacks nothing: ${name}`, () => {
    assert.deepEqual(lacks(rule), []);
  });
}

for (const [words, rule] of Object.entries<Partial<Rule>>({
  "was issued by cognito, and this route accepts only a or b": { issuers: ["a", "b"] },
  'is an access token, and this route needs an ID token': { tokenUse: "id" },
  "lacks the scope orders/write, x": { scopesAll: ["orders/write", "orders/read", "x"] },
  "lacks the scope orders or x": { scopesAny: ["orders", "x"] },
  "lacks the group admins or owners": { groupsAny: ["admins", "owners"] },
  'lacks the claim tenant, which must be "acme"': { claims: { tenant: { path_parameter: "tenant" } } },
  "has the claim beta true, which must be 1": { claims: { beta: 1 } },
})) {
  test(`what a token lacks is told: it ${words}`, () => {
    assert.deepEqual(lacks(rule), [words]);
  });
}

test("scopes and groups are read as the authorizer reads them", () => {
  assert.deepEqual(lacks({ scopesAll: ["a"], groupsAny: ["g"] }, { scp: ["a"], groups: ["g"] }), []);
  assert.deepEqual(lacks({ scopesAll: ["a"] }, { scp: "a b" }), []);
  assert.deepEqual(lacks({ scopesAll: ["a"] }, { scope: ["a", "b"], scp: "c" }), []);
  assert.deepEqual(lacks({ scopesAll: ["a"] }, { scopes: ["a"] }), []);
  assert.deepEqual(lacks({ scopesAll: ["a"] }, { scp: "c", scopes: ["a"] }), ["lacks the scope a"]);
  assert.deepEqual(lacks({ scopesAll: ["a"] }, { scope: 7 }), ["lacks the scope a"]);
});

test("groups are those of the issuer: a user pool's are cognito:groups, another's are groups", () => {
  const lacksAdmins = ["lacks the group admins"];
  const both = { groups: ["admins"], "cognito:groups": ["support"] };
  assert.deepEqual(lacks({ groupsAny: ["admins"] }, { iss: POOL, groups: ["admins"] }), lacksAdmins);
  assert.deepEqual(lacks({ groupsAny: ["admins"] }, { iss: POOL, ...both }), lacksAdmins);
  assert.deepEqual(lacks({ groupsAny: ["support"] }, { iss: POOL, ...both }), []);
  assert.deepEqual(lacks({ groupsAny: ["admins"] }, { iss: "https://idp.example", ...both }), []);
});

test("what a route will say is told as far as it can be known without a path", () => {
  const rule: Rule = { ...NO_RULE, claims: { tenant: { path_parameter: "t" }, beta: true } };
  const said = (claims: Record<string, unknown>) => predict(rule, claims, "cognito");
  assert.deepEqual(said({ tenant: "acme", beta: true }), {
    words: 'Your token holds what it asks for where t is "acme".',
    isGood: true,
  });
  assert.deepEqual(said({}), {
    words: "Your token lacks the claim beta, which must be true; it lacks the claim tenant.",
    isGood: false,
  });
  assert.equal(predict(NO_RULE, {}, "x").words, "Your token holds what it asks for.");
});

const ROUTE: RouteInfo = {
  key: "GET /orders",
  method: "GET",
  path: "/orders",
  authorizer: "lambda",
  cookie: true,
  ruleInWords: "",
  rule: { ...NO_RULE, scopesAll: ["orders/write"], groupsAny: ["admins"] },
  sampleBody: null,
};
const SITUATION: Situation = { route: ROUTE, mode: "storage", claims: CLAIMS, issuerName: "cognito", parameters: {}, isExpired: false };

const explained = (status: number, changes: Partial<Situation> = {}, challenge: string | null = null): string =>
  explainRefusal({ ...SITUATION, ...changes }, { status, challenge });

test("403 tells everything that the token lacks", () => {
  assert.equal(explained(403), "The token lacks the scope orders/write; it lacks the group admins.");
});

test("403 for a token that lacks nothing does not guess", () => {
  assert.match(explained(403, { route: { ...ROUTE, rule: NO_RULE } }), /^The token holds all that the rule/);
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
  const route = { ...ROUTE, authorizer: "jwt", rule: { ...NO_RULE, issuers: ["partner"] } };
  const words = "The token was issued by cognito, and this route accepts only partner.";
  assert.equal(explained(401, { route }), words);
});

test("other answers are told apart from a refusal of the token", () => {
  assert.match(explained(404), /Nothing is at this address/);
  assert.match(explained(429), /Too many requests/);
  assert.match(explained(500), /fault is the API's/);
  assert.match(explained(400), /accepted the token and refused the request/);
});
