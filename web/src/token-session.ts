// Storage mode A: oidc-client-ts keeps the tokens in session storage; they go in the Authorization
// header. Authorization code with PKCE, renewal by refresh token (RFC 9700, RFC 8252).
//
// Whatever script runs in this page can read these tokens. The page says so to its user.

import { ErrorResponse, UserManager, WebStorageStateStore, type User } from "oidc-client-ts";

import { decodeClaims, secondsOf } from "./claims";
import type { StorageConfig } from "./config";
import { logoutUrl } from "./logout-url";
import type { PageStorage } from "./page-storage";
import type { ServerClock } from "./server-clock";
import {
  networkProblem,
  SessionProblem,
  type ApiRequest,
  type Renewal,
  type Session,
  type SignedOff,
  type SessionState,
  type SignedIn,
} from "./session";
import { signInProblem } from "./sign-in-answer";

const REQUEST_SECONDS = 10;
const REVOKE_PATH = "/session/revoke";
const STATE_PREFIX = "oidc.";
/** An issuer's errors that another try may get over (RFC 6749 section 4.1.2.1). */
const PASSING_ERRORS = ["server_error", "temporarily_unavailable", "slow_down"];

/** Throw away what a tab still holds of the time when this page kept tokens. */
export function forgetTokens(storage: PageStorage): void {
  for (const key of storage.keys()) {
    if (key.startsWith(STATE_PREFIX)) storage.removeItem(key);
  }
}

export class TokenSession implements Session {
  readonly mode = "storage";
  readonly #config: StorageConfig;
  readonly #storage: PageStorage;
  readonly #clock: ServerClock;
  readonly #manager: UserManager;

  constructor(config: StorageConfig, storage: PageStorage, clock: ServerClock) {
    this.#config = config;
    this.#storage = storage;
    this.#clock = clock;
    this.#manager = new UserManager({
      authority: config.issuer,
      client_id: config.clientId,
      redirect_uri: `${config.publicUrl}/app/callback`,
      scope: config.scopes,
      metadata: { ...config.metadata, issuer: config.issuer },
      stateStore: new WebStorageStateStore({ store: storage, prefix: STATE_PREFIX }),
      userStore: new WebStorageStateStore({ store: storage, prefix: STATE_PREFIX }),
      // The page renews by the server's clock; the library would by this browser's.
      automaticSilentRenew: false,
      monitorSession: false,
      loadUserInfo: false,
      revokeTokenTypes: ["refresh_token"],
      requestTimeoutInSeconds: REQUEST_SECONDS,
      silentRequestTimeoutInSeconds: REQUEST_SECONDS,
    });
  }

  async restore(): Promise<SessionState> {
    const user = await this.#user();
    if (user === "unreadable") {
      await this.#manager.removeUser();
      return { kind: "signed_out", why: "This tab's stored session is damaged." };
    }
    return user === null ? { kind: "signed_out", why: null } : this.#signedIn(user);
  }

  async signIn(): Promise<void> {
    if (this.#config.metadata === null) {
      throw new SessionProblem("The issuer's addresses are not known yet. Reload the page.");
    }
    if (this.#storage.problem !== null) {
      throw new SessionProblem(
        `This browser's storage ${this.#storage.problem}, so a sign-in begun here would be forgotten on the way to the issuer and back. Allow storage for this page, or choose "Cookie".`,
      );
    }
    await this.#manager.clearStaleState();
    await this.#manager.signinRedirect({ nonce: crypto.randomUUID() });
  }

  /** Whether an address is the answer to a sign-in that this tab has begun: anybody may link here. */
  isOurs(url: string): boolean {
    const state = new URL(url).searchParams.get("state");
    return state !== null && this.#storage.getItem(STATE_PREFIX + state) !== null;
  }

  /** Take the issuer's answer out of the address. Throws SessionProblem. */
  async finishSignIn(url: string): Promise<void> {
    const parameters = new URL(url).searchParams;
    const isOurs = this.isOurs(url);
    if (!isOurs || (!parameters.has("code") && !parameters.has("error"))) {
      throw new SessionProblem(signInProblem(parameters, isOurs));
    }
    try {
      await this.#manager.signinRedirectCallback(url);
    } catch (error) {
      if (error instanceof ErrorResponse) {
        const told = { error: error.error ?? "", description: error.error_description ?? "" };
        throw new SessionProblem(signInProblem(parameters, isOurs, told));
      }
      const why = error instanceof TypeError ? networkProblem(error) : textOf(error);
      throw new SessionProblem(`The issuer's code could not be exchanged for tokens. ${why}`);
    }
  }

  async renew(): Promise<Renewal> {
    const known = await this.#user();
    if (known === null || known === "unreadable" || known.refresh_token === undefined) {
      // The library would go on to a hidden frame, which this page's policy does not allow.
      return { kind: "ended", why: "This tab holds nothing to renew the session with." };
    }
    try {
      const user = await this.#manager.signinSilent();
      if (user === null) return { kind: "unreachable", why: "The issuer gave no token." };
      return { kind: "renewed", state: this.#signedIn(user) };
    } catch (error) {
      if (error instanceof ErrorResponse && !PASSING_ERRORS.includes(error.error ?? "")) {
        await this.#manager.removeUser();
        return { kind: "ended", why: `The issuer has ended the session: ${textOf(error)}.` };
      }
      if (error instanceof ErrorResponse) {
        return { kind: "unreachable", why: `The issuer cannot renew at the moment: ${textOf(error)}.` };
      }
      return { kind: "unreachable", why: networkProblem(error) };
    }
  }

  async signOut(): Promise<SignedOff> {
    const user = await this.#user();
    const idToken = user === "unreadable" || user === null ? null : (user.id_token ?? null);
    const problem = await this.forget();
    return { address: logoutUrl(this.#config, idToken), problem };
  }

  async forget(): Promise<string | null> {
    const refused = await this.#refuseOwnTokens();
    let problem: string | null = null;
    try {
      await this.#manager.revokeTokens(["refresh_token"]);
    } catch (error) {
      problem = error instanceof ErrorResponse ? textOf(error) : networkProblem(error);
    }
    await this.#manager.removeUser();
    const problems = [
      ...(refused === null ? [] : [`the API could not be told to refuse them. ${refused}`]),
      ...(problem === null ? [] : [`the issuer could not be told to end them. ${problem}`]),
    ];
    if (problems.length === 0) return null;
    return `This tab has forgotten its tokens, but ${problems.join(" And ")}`;
  }

  /** Have the API refuse the tokens that this tab has, before they expire; what did not work. */
  async #refuseOwnTokens(): Promise<string | null> {
    const user = await this.#user();
    if (!this.#config.revokesSessions || user === null || user === "unreadable") return null;
    const request = { method: "POST", path: REVOKE_PATH, body: null, isPublic: false };
    try {
      const response = await this.call(request);
      // A token that is refused already is no problem.
      return response.ok || response.status === 401 ? null : `It answered ${response.status}.`;
    } catch (error) {
      return networkProblem(error);
    }
  }

  async call(request: ApiRequest): Promise<Response> {
    const headers: Record<string, string> = {};
    const user = await this.#user();
    if (!request.isPublic && user !== null && user !== "unreadable") {
      headers["authorization"] = `Bearer ${user.access_token}`;
    }
    if (request.body !== null) headers["content-type"] = "application/json";
    return fetch(request.path, {
      method: request.method,
      headers,
      body: request.body,
      // The API refuses a request with a token in both places.
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(REQUEST_SECONDS * 1000),
    });
  }

  async #user(): Promise<User | null | "unreadable"> {
    try {
      return await this.#manager.getUser();
    } catch {
      return "unreadable";
    }
  }

  #signedIn(user: User): SignedIn {
    const access = decodeClaims(user.access_token) ?? {};
    const id = user.id_token === undefined ? null : decodeClaims(user.id_token);
    const told = secondsOf(access, "exp");
    const expiresAt = told ?? this.#clock.now() + (user.expires_in ?? 0);
    const canRenew = user.refresh_token !== undefined;
    return { kind: "signed_in", access, id, expiresAt, canRenew };
  }
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
