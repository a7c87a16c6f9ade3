import assert from "node:assert/strict";
import { test } from "node:test";

import type { Situation } from "../../../web/src/refusal-reasons";
import type { RouteInfo } from "../../../web/src/routes";
import { stepsOf } from "../../../web/src/steps";

const NOW = 1_800_000_000;
const CLAIMS = { iss: "https://issuer.example", scope: "orders/read", client_id: "web", exp: NOW + 60, iat: NOW - 60 };
const READ = { asks: { scopes_all: ["orders/read"] }, inWords: "the scope orders/read" };
const OWN = { asks: { claim: ["sub"], must: { be_one_of: [{ path_parameter: "user" }] } }, inWords: "the claim sub equal to {user}" };
const ROUTE: RouteInfo = {
  key: "GET /orders",
  method: "GET",
  path: "/orders",
  authorizer: "lambda",
  ruleInWords: "",
  anyOf: [[READ]],
  cookie: true,
  sampleBody: null,
};
const SITUATION: Situation = {
  route: ROUTE,
  mode: "storage",
  claims: CLAIMS,
  issuerName: "cognito",
  parameters: {},
  isExpired: false,
  now: NOW,
};

test("a good token passes what a page can tell, and the rest is the API's alone", () => {
  const steps = stepsOf(SITUATION);
  assert.deepEqual(
    steps.map(({ check, passed }) => [check, passed]),
    [
      ["form, header, key, signature", null],
      ["expiry", true],
      ["begun", true],
      ["audience, client, use", null],
      ["rule", true],
    ],
  );
  assert.equal(steps[0]?.found, "the API alone can tell");
  assert.equal(steps[3]?.found, "client_id web");
  assert.deepEqual(steps[4], { check: "rule", expected: "the scope orders/read", found: "it holds", passed: true });
});

test("each condition of each rule says what the token lacks", () => {
  const asked = { ...READ, asks: { scopes_all: ["orders/write"] }, inWords: "the scope orders/write" };
  const route = { ...ROUTE, anyOf: [[asked, READ], [OWN]] };
  const steps = stepsOf({ ...SITUATION, route, parameters: { user: "ann" }, claims: { ...CLAIMS, sub: "bob" } }).slice(4);
  assert.deepEqual(
    steps.map(({ check, found, passed }) => [check, found, passed]),
    [
      ["rule 1", "the token lacks the scope orders/write", false],
      ["rule 1", "it holds", true],
      ["rule 2", 'the token lacks the claim sub equal to {user}: it is "bob"', false],
    ],
  );
});

test("an expired token, and one of another clock", () => {
  const passed = (claims: Record<string, unknown>): unknown[] => stepsOf({ ...SITUATION, claims }).slice(1, 3).map((step) => step.passed);
  assert.deepEqual(passed({ ...CLAIMS, exp: NOW }), [false, true]);
  assert.deepEqual(passed({}), [false, true]);
  assert.deepEqual(passed({ exp: "soon", iat: NOW + 1 }), [false, null]);
});

test("a session in cookies says why the token itself is not seen", () => {
  assert.equal(stepsOf({ ...SITUATION, mode: "cookie" })[0]?.found, "in a cookie that no script can read");
});

test("a check of one's own is the API's to ask", () => {
  const check = { asks: { check: "delegation:in_person" }, inWords: "the consent of a check" };
  const [last] = stepsOf({ ...SITUATION, route: { ...ROUTE, anyOf: [[check]] } }).slice(-1);
  assert.deepEqual([last?.found, last?.passed], ["the API alone can ask it", null]);
});

test("a public route and nobody have no steps", () => {
  assert.deepEqual(stepsOf({ ...SITUATION, claims: null }), []);
  assert.deepEqual(stepsOf({ ...SITUATION, route: { ...ROUTE, anyOf: null } }), []);
});
