// The server's `Date` header -> what time it is there, however wrong this browser's clock is.
//
// A token is counted down by the clock of the server that judges it. Between two answers of the
// server a clock goes on that nobody can set (High Resolution Time, `performance.now`).

const NOTABLE_SKEW_SECONDS = 30;
const SLEPT_SECONDS = 3;

interface Reading {
  readonly server: number;
  readonly monotonic: number;
  readonly wall: number;
}

/** All times are in seconds. */
export class ServerClock {
  #reading: Reading | null = null;
  readonly #monotonic: () => number;
  readonly #wall: () => number;

  constructor(
    monotonic: () => number = () => performance.now() / 1000,
    wall: () => number = () => Date.now() / 1000,
  ) {
    this.#monotonic = monotonic;
    this.#wall = wall;
  }

  /** Take the time from an answer that no cache has kept. */
  adopt(dateHeader: string | null): void {
    const server = dateHeader === null ? Number.NaN : Date.parse(dateHeader) / 1000;
    if (Number.isNaN(server)) return;
    this.#reading = { server, monotonic: this.#monotonic(), wall: this.#wall() };
  }

  /** Seconds since the epoch at the server; by this browser's clock until the server has spoken. */
  now(): number {
    if (this.#reading === null) return this.#wall();
    return this.#reading.server + this.#monotonic() - this.#reading.monotonic;
  }

  /** Whether the two clocks of this browser have gone apart: it slept, or somebody set one. */
  hasSlept(): boolean {
    if (this.#reading === null) return false;
    const wall = this.#wall() - this.#reading.wall;
    const monotonic = this.#monotonic() - this.#reading.monotonic;
    return Math.abs(wall - monotonic) > SLEPT_SECONDS;
  }

  /** How wrong this browser's clock is; null if it hardly matters. */
  skewInWords(): string | null {
    if (this.#reading === null) return null;
    const skew = Math.round(this.#reading.wall - this.#reading.server);
    if (Math.abs(skew) < NOTABLE_SKEW_SECONDS) return null;
    const side = skew > 0 ? "ahead of" : "behind";
    return `This browser's clock is ${durationInWords(Math.abs(skew))} ${side} the server's. The page counts by the server's.`;
  }
}

/** "2 h 5 min", "1 min 3 s", "12 s": two units at most. */
export function durationInWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes, rest] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${rest} s`;
  return `${rest} s`;
}
