import assert from "node:assert/strict";
import { test } from "node:test";

import { durationInWords, ServerClock } from "../../../web/src/server-clock";

const SERVER = "Thu, 01 Jan 2026 00:00:00 GMT";
const AT_SERVER = Date.parse(SERVER) / 1000;

function clockOf(wall: number) {
  const time = { monotonic: 100, wall };
  return { time, clock: new ServerClock(() => time.monotonic, () => time.wall) };
}

test("time goes on from what the server said, whatever this browser's clock says", () => {
  const { time, clock } = clockOf(AT_SERVER + 7_200);
  clock.adopt(SERVER);
  time.monotonic += 60;
  time.wall -= 5_000;
  assert.equal(clock.now(), AT_SERVER + 60);
});

test("without a word of the server this browser's clock has to do", () => {
  const { clock } = clockOf(123);
  clock.adopt(null);
  clock.adopt("nonsense");
  assert.equal(clock.now(), 123);
  assert.equal(clock.skewInWords(), null);
  assert.equal(clock.hasSlept(), false);
});

test("a clock that is wrong is told, a small difference is not", () => {
  const said = (wall: number) => {
    const { clock } = clockOf(wall);
    clock.adopt(SERVER);
    return clock.skewInWords();
  };
  assert.match(said(AT_SERVER + 7_200) ?? "", /^This browser's clock is 2 h 0 min ahead of the/);
  assert.match(said(AT_SERVER - 90) ?? "", /^This browser's clock is 1 min 30 s behind the/);
  assert.equal(said(AT_SERVER + 29), null);
});

test("sleep, and a clock that is set meanwhile, are noticed", () => {
  const { time, clock } = clockOf(AT_SERVER);
  clock.adopt(SERVER);
  time.monotonic += 10;
  time.wall += 11;
  assert.equal(clock.hasSlept(), false);
  time.wall += 3_600;
  assert.equal(clock.hasSlept(), true);
});

test("a duration has two units at most", () => {
  const words = [-1, 0, 59.9, 61, 3_661, 90_000].map(durationInWords);
  assert.deepEqual(words, ["0 s", "0 s", "59 s", "1 min 1 s", "1 h 1 min", "1 d 1 h"]);
});
