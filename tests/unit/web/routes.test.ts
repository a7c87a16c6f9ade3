import assert from "node:assert/strict";
import { test } from "node:test";

import { ConfigInvalid, parseConfig } from "../../../web/src/config";
import { filledPath, ParameterMissing, parameterNames, parseRoute } from "../../../web/src/routes";

const RULE = [{ issuers: ["cognito"], in_words: "the issuer cognito" }];
const ROUTE = { key: "GET /orders", authorizer: "lambda", rule_in_words: "w", any_of: [RULE, []] };
const STORAGE = {
  issuer: "https://issuer.example",
  client_id: "web",
  scopes: "openid",
  metadata: { issuer: "https://issuer.example", token_endpoint: "https://issuer.example/token" },
  metadata_problem: null,
};
const CONFIG = {
  issuer_name: "cognito",
  public_url: "https://api.example",
  storage: STORAGE,
  routes: [ROUTE],
};

test("a route is read", () => {
  assert.deepEqual(parseRoute({ ...ROUTE, cookie: true }), {
    key: "GET /orders",
    method: "GET",
    path: "/orders",
    authorizer: "lambda",
    cookie: true,
    ruleInWords: "w",
    anyOf: [[{ inWords: "the issuer cognito", asks: { issuers: ["cognito"] } }], []],
    sampleBody: null,
  });
});

test("a public route has no rule", () => {
  assert.equal(parseRoute({ ...ROUTE, public: true, any_of: [] })?.anyOf, null);
});

test("a route for what no other takes is called by a path of the visitor's", () => {
  const route = parseRoute({ ...ROUTE, key: "$default" });
  assert.deepEqual([route?.key, route?.method, route?.path], ["$default", "GET", "/{path+}"]);
});

test("a route for any method is called by GET", () => {
  assert.equal(parseRoute({ ...ROUTE, key: "ANY /stock" })?.method, "GET");
});

for (const wrong of [null, 1, [], {}, { ...ROUTE, key: "GET" }, { ...ROUTE, key: "GET orders" }, { ...ROUTE, any_of: null }, { ...ROUTE, any_of: [] }, { ...ROUTE, any_of: [{}] }, { ...ROUTE, any_of: [[{}]] }]) {
  test(`what is not a route is none: ${JSON.stringify(wrong)}`, () => {
    assert.equal(parseRoute(wrong), null);
  });
}

test("parameters are found and filled in, as one segment or as several", () => {
  assert.deepEqual(parameterNames("/a/{b}/{c+}"), ["b", "c"]);
  assert.equal(filledPath("/a/{b}/{c+}", { b: "x/y ü", c: "1/2 3" }), "/a/x%2Fy%20%C3%BC/1/2%203");
});

for (const value of ["", "  ", ".", ".."]) {
  test(`a parameter that would change the path is asked for again: ${JSON.stringify(value)}`, () => {
    assert.throws(() => filledPath("/a/{b}", { b: value }), ParameterMissing);
  });
}

test("a config is read", () => {
  const config = parseConfig(CONFIG);
  assert.equal(config.issuerName, "cognito");
  assert.equal(config.routes.length, 1);
  assert.equal(config.storage?.metadata?.["token_endpoint"], "https://issuer.example/token");
});

test("a config without metadata says why", () => {
  const storage = { ...STORAGE, metadata: null, metadata_problem: "It sleeps." };
  const config = parseConfig({ ...CONFIG, storage });
  assert.equal(config.storage?.metadata, null);
  assert.equal(config.storage?.metadataProblem, "It sleeps.");
});

test("a config says whether the API can be told that a session is over", () => {
  assert.equal(parseConfig(CONFIG).storage?.revokesSessions, false);
  const revoking = parseConfig({ ...CONFIG, revokes_sessions: true });
  assert.equal(revoking.storage?.revokesSessions, true);
});

test("a config without storage keeps no tokens in the browser", () => {
  assert.equal(parseConfig({ ...CONFIG, storage: null }).storage, null);
});

for (const name of ["issuer_name", "public_url"]) {
  test(`a config without ${name} is refused by name`, () => {
    assert.throws(() => parseConfig({ ...CONFIG, [name]: "" }), new ConfigInvalid(`config.json has no text ${name}`));
  });
}

for (const name of ["issuer", "client_id", "scopes"]) {
  test(`storage without ${name} is refused by name`, () => {
    const storage = { ...STORAGE, [name]: "" };
    assert.throws(() => parseConfig({ ...CONFIG, storage }), new ConfigInvalid(`config.json has no text ${name}`));
  });
}

test("a config with a wrong route says which", () => {
  assert.throws(() => parseConfig({ ...CONFIG, routes: [ROUTE, {}] }), /routes\[1\] is not a route/);
  assert.throws(() => parseConfig({ ...CONFIG, routes: {} }), ConfigInvalid);
  assert.throws(() => parseConfig([]), ConfigInvalid);
});
