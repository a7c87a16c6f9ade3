import assert from "node:assert/strict";
import { test } from "node:test";

import { PageStorage } from "../../../web/src/page-storage";

/** Web Storage as a browser has it; `full` makes it refuse. */
class Browser implements Storage {
  full = false;
  readonly items = new Map<string, string>();
  get length(): number {
    return this.items.size;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException("no room", "QuotaExceededError");
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
  clear(): void {
    this.items.clear();
  }
}

function opened() {
  const browser = new Browser();
  const told: string[] = [];
  return { browser, told, storage: new PageStorage(() => browser, (problem) => told.push(problem)) };
}

test("what can be stored is stored, and nothing is said", () => {
  const { browser, told, storage } = opened();
  storage.setItem("a", "1");
  assert.equal(browser.getItem("a"), "1");
  assert.deepEqual([storage.getItem("a"), storage.length, storage.key(0)], ["1", 1, "a"]);
  storage.clear();
  assert.equal(browser.length, 0);
  assert.deepEqual([told, storage.problem], [[], null]);
});

test("what does not fit is kept in memory, and said; an older value does not come back", () => {
  const { browser, told, storage } = opened();
  storage.setItem("a", "old");
  browser.full = true;
  storage.setItem("a", "new");
  assert.deepEqual([storage.getItem("a"), browser.getItem("a")], ["new", null]);
  assert.deepEqual([told, storage.problem], [["is full"], "is full"]);
  assert.deepEqual([storage.length, storage.key(0)], [1, "a"]);
  browser.full = false;
  storage.setItem("a", "newest");
  assert.deepEqual([storage.getItem("a"), browser.getItem("a")], ["newest", "newest"]);
});

test("blocked storage is memory, and said", () => {
  const told: string[] = [];
  const storage = new PageStorage(
    () => {
      throw new DOMException("no", "SecurityError");
    },
    (problem) => told.push(problem),
  );
  storage.setItem("a", "1");
  assert.equal(storage.getItem("a"), "1");
  storage.removeItem("a");
  assert.deepEqual([storage.getItem("a"), storage.length, storage.problem], [null, 0, "is blocked"]);
  assert.equal(told[0], "is blocked");
});
