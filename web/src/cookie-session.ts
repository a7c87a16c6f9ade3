// Storage mode B: the function behind /session keeps the tokens in cookies that no script can read.
//
// The page holds anti-CSRF tokens only. Another tab may have renewed the session, so a
// refusal is answered by asking once who is signed in, and one more try if it is the same person.
// What changes the cookies is done one after the other, in all tabs: a sign-out that overtook a
// renewal would be undone by its answer.

import { asClaims, isRecord } from "./claims";
import type { ServerClock } from "./server-clock";
import {
  networkProblem,
  SessionProblem,
  type ApiRequest,
  type Renewal,
  type Session,
  type SessionState,
  type SignedOff,
} from "./session";

const REQUEST_SECONDS = 15;
const CSRF_HEADER = "x-csrf-token";
const COOKIE_LOCK = "session-cookies";

interface CsrfTokens {
  /** For the API; null when it is time to renew. */
  readonly call: string | null;
  readonly session: string;
}

export class CookieSession implements Session {
  readonly mode = "cookie";
  readonly #clock: ServerClock;
  readonly #report: (state: SessionState) => void;
  #csrf: CsrfTokens | null = null;
  #expiresAt = 0;
  /** Issuer and subject of who was signed in when we last heard. */
  #person: string | null = null;
  /** What this tab does with the cookies, for a browser without Web Locks. */
  #last: Promise<unknown> = Promise.resolve();

  /** `report` hears when a call finds that another tab has changed the session. */
  constructor(clock: ServerClock, report: (state: SessionState) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  async restore(): Promise<SessionState> {
    let response: Response;
    try {
      response = await send("/session/me", "GET");
    } catch (error) {
      return { kind: "unknown", why: `It is not known whether you are signed in. ${networkProblem(error)}` };
    }
    this.#clock.adopt(response.headers.get("date"));
    if (!response.ok) {
      const why = `It is not known whether you are signed in: /session/me answered ${response.status}.`;
      return { kind: "unknown", why };
    }
    return this.#adopt(await response.json().catch(() => null));
  }

  async signIn(): Promise<void> {
    location.assign("/session/login");
  }

  renew(): Promise<Renewal> {
    return this.#alone(() => this.#renew());
  }

  signOut(): Promise<SignedOff> {
    return this.#alone(() => this.#signOut());
  }

  /** Another tab has signed out: whatever a renewal of ours has brought since is thrown away. */
  forget(): Promise<string | null> {
    return this.#alone(async () => {
      await this.restore();
      return null;
    });
  }

  async #signOut(): Promise<SignedOff> {
    let response: Response;
    try {
      response = await this.#post("/session/logout");
    } catch (error) {
      throw new SessionProblem(
        `You are still signed in: only the server can delete these cookies. ${networkProblem(error)}`,
      );
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok || !isRecord(body) || typeof body["logout_url"] !== "string") {
      throw new SessionProblem(
        `You are still signed in: /session/logout answered ${response.status}. Try again.`,
      );
    }
    this.#csrf = null;
    return { address: body["logout_url"], problem: signOutProblem(body) };
  }

  async call(request: ApiRequest): Promise<Response> {
    if (request.isPublic) return send(request.path, request.method, {}, request.body, "omit");
    const used = this.#csrf?.call ?? null;
    const caller = this.#person;
    const response = await this.#call(request);
    if (response.status !== 401 || used === null) return response;
    const state = await this.restore();
    if (state.kind !== "unknown") this.#report(state);
    if (state.kind === "signed_in" && this.#person !== caller) {
      throw new SessionProblem(
        "Somebody else has signed in to this browser since. Your request was not made on their behalf.",
      );
    }
    const fresh = this.#csrf?.call ?? null;
    return fresh === null || fresh === used ? response : this.#call(request);
  }

  /** Run a step while no other of this browser changes the cookies. */
  #alone<Result>(step: () => Promise<Result>): Promise<Result> {
    const locks = navigator.locks as LockManager | undefined;
    if (locks !== undefined) return locks.request(COOKIE_LOCK, step) as Promise<Result>;
    const next = this.#last.then(step);
    this.#last = next.catch(() => undefined);
    return next;
  }

  #call(request: ApiRequest): Promise<Response> {
    const headers: Record<string, string> = {};
    const token = this.#csrf?.call ?? null;
    if (token !== null) headers[CSRF_HEADER] = token;
    return send(request.path, request.method, headers, request.body);
  }

  async #renew(): Promise<Renewal> {
    const known = this.#expiresAt;
    const current = await this.restore();
    if (current.kind === "signed_out") return ended();
    if (current.kind === "unknown") return { kind: "unreachable", why: networkProblem(null) };
    if (current.expiresAt > known) return { kind: "renewed", state: current };
    let response: Response;
    try {
      response = await this.#post("/session/refresh");
    } catch (error) {
      return { kind: "unreachable", why: networkProblem(error) };
    }
    if (response.status === 401) return ended();
    if (!response.ok) {
      return { kind: "unreachable", why: `The server cannot renew at the moment (${response.status}).` };
    }
    this.#clock.adopt(response.headers.get("date"));
    const state = this.#adopt(await response.json().catch(() => null));
    if (state.kind === "signed_in") return { kind: "renewed", state };
    return { kind: "unreachable", why: "The server's answer cannot be read." };
  }

  async #post(path: string): Promise<Response> {
    const headers: Record<string, string> = {};
    if (this.#csrf !== null) headers[CSRF_HEADER] = this.#csrf.session;
    return send(path, "POST", headers);
  }

  #adopt(body: unknown): SessionState {
    if (!isRecord(body)) {
      return { kind: "unknown", why: "It is not known whether you are signed in: the answer of /session/me cannot be read." };
    }
    const { csrf_token: call, session_csrf_token: session, expires_at: expiresAt } = body;
    if (body["signed_in"] !== true || typeof session !== "string" || typeof expiresAt !== "number") {
      this.#csrf = null;
      this.#person = null;
      return { kind: "signed_out", why: null };
    }
    const claims = asClaims(body["claims"]);
    this.#csrf = { call: typeof call === "string" ? call : null, session };
    this.#expiresAt = expiresAt;
    const id = asClaims(claims?.["id"]);
    this.#person = JSON.stringify([id?.["iss"], id?.["sub"]]);
    return {
      kind: "signed_in",
      access: asClaims(claims?.["access"]) ?? {},
      id,
      expiresAt,
      canRenew: true,
    };
  }
}

/** A request of the mode "cors": only there does a browser name our origin (see page's headers). */
function send(
  path: string,
  method: string,
  headers: Record<string, string> = {},
  body: string | null = null,
  credentials: RequestCredentials = "same-origin",
): Promise<Response> {
  const typed = body === null ? headers : { ...headers, "content-type": "application/json" };
  const signal = AbortSignal.timeout(REQUEST_SECONDS * 1000);
  return fetch(path, { method, headers: typed, body, credentials, cache: "no-store", signal });
}

/** What a sign-out did not reach; null if it reached everything. */
function signOutProblem(body: Record<string, unknown>): string | null {
  const problems: string[] = [];
  if (body["ended"] !== true) problems.push("a copy of its cookies, if there is one, could still be used");
  if (body["revoked"] !== true) problems.push("the issuer could not be told to end it");
  if (problems.length === 0) return null;
  return `You are signed out of this browser, but the session may not be over everywhere: ${problems.join(", and ")}.`;
}

function ended(): Renewal {
  return { kind: "ended", why: "The session has ended: the issuer or another tab has ended it." };
}
