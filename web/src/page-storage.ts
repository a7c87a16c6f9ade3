// Web Storage that may be blocked or full -> storage that always works for as long as the page lives.
//
// What cannot be stored is kept in memory and the person is told; nothing is lost silently.

const PROBE = "page.probe";

/** The part of the Storage interface that the page and oidc-client-ts use. */
export class PageStorage implements Storage {
  readonly #find: () => Storage;
  readonly #tell: (problem: string) => void;
  readonly #memory = new Map<string, string>();
  #problem: string | null = null;

  /** `tell` hears each time that something cannot be stored: "is full" or "is blocked". */
  constructor(find: () => Storage, tell: (problem: string) => void) {
    this.#find = find;
    this.#tell = tell;
    this.#try((storage) => {
      storage.setItem(PROBE, "1");
      storage.removeItem(PROBE);
    });
  }

  /** Why something could not be stored; null if everything was. */
  get problem(): string | null {
    return this.#problem;
  }

  get length(): number {
    return this.keys().length;
  }

  key(index: number): string | null {
    return this.keys()[index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#memory.get(key) ?? this.#try((storage) => storage.getItem(key)) ?? null;
  }

  setItem(key: string, value: string): void {
    const isStored = this.#try((storage) => {
      storage.setItem(key, value);
      return true;
    });
    if (isStored) {
      this.#memory.delete(key);
      return;
    }
    this.#memory.set(key, value);
    // An older value must not come back with the next page.
    this.#try((storage) => storage.removeItem(key));
  }

  removeItem(key: string): void {
    this.#memory.delete(key);
    this.#try((storage) => storage.removeItem(key));
  }

  clear(): void {
    for (const key of this.keys()) this.removeItem(key);
  }

  keys(): string[] {
    const stored = this.#try((storage) =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? ""),
    );
    return [...new Set([...(stored ?? []), ...this.#memory.keys()])];
  }

  #try<Result>(step: (storage: Storage) => Result): Result | null {
    try {
      return step(this.#find());
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
      this.#problem = isFull ? "is full" : "is blocked";
      this.#tell(this.#problem);
      return null;
    }
  }
}
