// The chosen session over time: restored, renewed before it expires, ended in every tab.
//
// A failed renewal takes nothing away. It is tried again while the token lives, and after
// that when the network is back or the person asks.

import { secondsOf } from "./claims";
import { secondsUntilRenewal, secondsUntilRetry } from "./renewal-times";
import type { ServerClock } from "./server-clock";
import {
  SessionProblem,
  type ApiRequest,
  type Mode,
  type Session,
  type Sessions,
  type SessionState,
  type SignedIn,
  type SignedOff,
} from "./session";
import type { News } from "./tabs";

/** The longest that a timer waits: the times are looked at again then. */
const LONGEST_TIMER_SECONDS = 600;

export type RenewalState =
  | { readonly kind: "idle" }
  | { readonly kind: "renewing" }
  | { readonly kind: "failed"; readonly why: string; readonly retryAt: number | null };

export interface Kept {
  readonly mode: Mode;
  readonly session: SessionState;
  readonly renewal: RenewalState;
  /** A session that lives on in the way that is not chosen. */
  readonly other: OtherSession | null;
}

export interface OtherSession {
  readonly mode: Mode;
  readonly session: SignedIn;
}

export interface KeeperParts {
  readonly sessions: Sessions;
  readonly clock: ServerClock;
  readonly tell: (news: News) => void;
  readonly show: (kept: Kept) => void;
}

const UNKNOWN: SessionState = { kind: "unknown", why: null };
const IDLE: RenewalState = { kind: "idle" };

export class SessionKeeper {
  readonly #parts: KeeperParts;
  #kept: Kept;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #renewedAt: number | null = null;
  /** Counts what has happened, so that an answer to an older question changes nothing. */
  #turn = 0;

  constructor(parts: KeeperParts, mode: Mode) {
    this.#parts = parts;
    this.#kept = { mode, session: UNKNOWN, renewal: IDLE, other: null };
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** Look again who is signed in; a server that does not answer signs nobody out. */
  async restore(): Promise<void> {
    const turn = ++this.#turn;
    const state = await this.#session.restore();
    const other = await this.#liveOther();
    if (turn !== this.#turn) return;
    this.#kept = { ...this.#kept, other };
    const isKept = state.kind === "unknown" && this.#kept.session.kind === "signed_in";
    this.adopt(isKept ? this.#kept.session : state);
  }

  async choose(mode: Mode): Promise<void> {
    this.#kept = { mode, session: UNKNOWN, renewal: IDLE, other: null };
    this.#failures = 0;
    this.#parts.show(this.#kept);
    await this.restore();
  }

  /** Show nothing of the session: the page goes out of sight, and may come back much later. */
  hide(): void {
    ++this.#turn;
    this.#kept = { ...this.#kept, other: null };
    this.#set(UNKNOWN, IDLE);
  }

  async signIn(): Promise<void> {
    await this.#session.signIn();
  }

  /** Renew now; at most one renewal is under way. */
  async renew(): Promise<void> {
    const { session, renewal } = this.#kept;
    if (session.kind !== "signed_in" || renewal.kind === "renewing") return;
    const turn = ++this.#turn;
    this.#set(session, { kind: "renewing" });
    const outcome = await this.#session.renew();
    if (turn !== this.#turn) return;
    if (outcome.kind === "renewed") {
      this.#renewedAt = this.#parts.clock.now();
      this.adopt(outcome.state);
      this.#parts.tell({ kind: "changed", mode: this.#kept.mode });
    } else if (outcome.kind === "ended") {
      this.#set({ kind: "signed_out", why: outcome.why }, IDLE);
    } else {
      this.#fail(outcome.why);
    }
  }

  /** End the session, in either mode and in every tab. Throws SessionProblem if it lives on. */
  async signOut(): Promise<SignedOff> {
    ++this.#turn;
    const done = await this.#session.signOut();
    this.#kept = { ...this.#kept, other: null };
    this.#set({ kind: "signed_out", why: null }, IDLE);
    this.#parts.tell({ kind: "signed_out" });
    const others = this.#others();
    const problems = await Promise.all(others.map(endIfSignedIn));
    const problem = [done.problem, ...problems].filter((text) => text !== null).join(" ");
    return { address: done.address, problem: problem === "" ? null : problem };
  }

  call(request: ApiRequest): Promise<Response> {
    return this.#session.call(request);
  }

  /** What another tab has done. */
  async hear(news: News): Promise<void> {
    if (news.kind === "changed") {
      if (news.mode === "cookie" && this.#kept.mode === "cookie") await this.restore();
      return;
    }
    const why = "You have signed out in another tab.";
    const wasSignedIn = this.#kept.session.kind === "signed_in";
    ++this.#turn;
    if (wasSignedIn) this.#set({ kind: "signed_out", why }, IDLE);
    for (const session of Object.values(this.#parts.sessions)) {
      await session.forget();
    }
    if (!wasSignedIn || this.#kept.other !== null) await this.restore();
  }

  /** Take what the session has found, and plan the renewal. */
  adopt(state: SessionState): void {
    ++this.#turn;
    this.#failures = 0;
    this.#set(state, IDLE);
  }

  /** The network is back, or the browser woke up: what failed before may work now. */
  async wake(): Promise<void> {
    if (this.#kept.session.kind === "unknown") await this.restore();
    else if (this.#kept.renewal.kind === "failed") await this.renew();
    else this.#plan();
  }

  #others(): Session[] {
    return Object.values(this.#parts.sessions).filter((other) => other !== this.#session);
  }

  async #liveOther(): Promise<OtherSession | null> {
    for (const other of this.#others()) {
      const session = await other.restore();
      if (session.kind === "signed_in") return { mode: other.mode, session };
    }
    return null;
  }

  get #session(): Session {
    return this.#parts.sessions[this.#kept.mode] ?? this.#parts.sessions.cookie;
  }

  #set(session: SessionState, renewal: RenewalState): void {
    this.#kept = { ...this.#kept, session, renewal };
    this.#plan();
    this.#parts.show(this.#kept);
  }

  #fail(why: string): void {
    const { session } = this.#kept;
    const now = this.#parts.clock.now();
    this.#failures += 1;
    const retryAt = now + secondsUntilRetry(this.#failures, Math.random());
    const isAlive = session.kind === "signed_in" && session.expiresAt > now;
    this.#set(session, { kind: "failed", why, retryAt: isAlive ? retryAt : null });
  }

  #plan(): void {
    clearTimeout(this.#timer);
    const seconds = this.#secondsUntilRenewal();
    if (seconds === null) return;
    const isDue = seconds <= LONGEST_TIMER_SECONDS;
    const step = isDue ? () => void this.renew() : () => this.#plan();
    this.#timer = setTimeout(step, Math.min(seconds, LONGEST_TIMER_SECONDS) * 1000);
  }

  #secondsUntilRenewal(): number | null {
    const { session, renewal } = this.#kept;
    if (session.kind !== "signed_in" || !session.canRenew || renewal.kind === "renewing") return null;
    const now = this.#parts.clock.now();
    if (renewal.kind === "failed") {
      return renewal.retryAt === null ? null : Math.max(0, renewal.retryAt - now);
    }
    const token = { issuedAt: secondsOf(session.access, "iat"), expiresAt: session.expiresAt };
    return secondsUntilRenewal(now, token, this.#renewedAt);
  }
}

/** End a session of the mode that is not chosen; what did not work. */
async function endIfSignedIn(session: Session): Promise<string | null> {
  if ((await session.restore()).kind !== "signed_in") return null;
  try {
    return (await session.signOut()).problem;
  } catch (error) {
    if (error instanceof SessionProblem) return error.message;
    throw error;
  }
}
