import assert from "node:assert/strict";
import { test } from "node:test";

import { claimInWords, decodeClaims, secondsOf } from "../../../web/src/claims";

const token = (payload: string): string =>
  `e30.${Buffer.from(payload).toString("base64url")}.signature`;

test("a payload is read, whatever characters it holds", () => {
  assert.deepEqual(decodeClaims(token('{"sub":"ü€ 𝄞","exp":1}')), { sub: "ü€ 𝄞", exp: 1 });
});

for (const broken of ["", "a.b", "a.b.c.d", token("[1]"), token("nonsense"), token("null"), "e30.%%%.s", "e30._w.s"]) {
  test(`what is not a token has no claims: ${JSON.stringify(broken)}`, () => {
    assert.equal(decodeClaims(broken), null);
  });
}

test("a time is shown as a date too, and nonsense as it is", () => {
  assert.equal(claimInWords("exp", 0), "0 (1970-01-01 00:00:00 UTC)");
  assert.equal(claimInWords("exp", 1e300), "1e+300");
  assert.equal(claimInWords("exp", "soon"), "soon");
  assert.equal(claimInWords("cognito:groups", ["admins", 7]), "admins, 7");
  assert.equal(claimInWords("nested", { a: 1 }), '{"a":1}');
});

test("a time of another type is none", () => {
  assert.equal(secondsOf({ exp: "1" }, "exp"), null);
  assert.equal(secondsOf(null, "exp"), null);
  assert.equal(secondsOf({ exp: 5 }, "exp"), 5);
});
