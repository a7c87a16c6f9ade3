import assert from "node:assert/strict";
import { test } from "node:test";

import { secondsUntilRenewal, secondsUntilRetry } from "../../../web/src/renewal-times";

test("a token is renewed in the last fifth of its life", () => {
  assert.equal(secondsUntilRenewal(0, { issuedAt: 0, expiresAt: 100 }, null), 80);
});

test("a long-lived token is renewed a minute before its end", () => {
  assert.equal(secondsUntilRenewal(0, { issuedAt: 0, expiresAt: 3_600 }, null), 3_540);
  assert.equal(secondsUntilRenewal(0, { issuedAt: null, expiresAt: 3_600 }, null), 3_540);
});

test("an expired token is renewed at once", () => {
  assert.equal(secondsUntilRenewal(500, { issuedAt: 0, expiresAt: 100 }, null), 0);
});

test("an issuer whose tokens are born expired is not asked without end", () => {
  assert.equal(secondsUntilRenewal(500, { issuedAt: 0, expiresAt: 100 }, 500), 5);
  assert.equal(secondsUntilRenewal(500, { issuedAt: 100, expiresAt: 0 }, 498), 3);
});

test("retries come fast at first, then twice as slowly each time, and never rarer than half a minute", () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 50].map((failures) => secondsUntilRetry(failures, 1));
  assert.deepEqual(longest, [1, 2, 4, 8, 16, 30, 30, 30]);
  assert.equal(secondsUntilRetry(3, 0), 2);
});
