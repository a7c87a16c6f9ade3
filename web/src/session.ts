// What both ways of keeping a session have in common.

import type { Claims } from "./claims";

/** "storage": tokens in session storage. "cookie": tokens in cookies that no script can read. */
export type Mode = "storage" | "cookie";

export interface SignedIn {
  readonly kind: "signed_in";
  readonly access: Claims;
  readonly id: Claims | null;
  /** Of the access token, in seconds since the epoch, by the server's clock. */
  readonly expiresAt: number;
  readonly canRenew: boolean;
}

export interface SignedOut {
  readonly kind: "signed_out";
  /** In words, if it is not simply so. */
  readonly why: string | null;
}

/** Nobody can tell: the page has just come up, or the server does not answer. */
export interface Unknown {
  readonly kind: "unknown";
  readonly why: string | null;
}

export type SessionState = SignedIn | SignedOut | Unknown;

export type Renewal =
  | { readonly kind: "renewed"; readonly state: SignedIn }
  | { readonly kind: "ended"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };

export interface SignedOff {
  /** Where the issuer ends its own session in this browser. */
  readonly address: string;
  /** What did not work. */
  readonly problem: string | null;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  /** Whether the request says who calls. */
  readonly isPublic: boolean;
}

/** A step that did not work; the message is for a person. */
export class SessionProblem extends Error {}

export interface Session {
  readonly mode: Mode;
  /** What is there, after a page load, or when another tab has changed it. */
  restore(): Promise<SessionState>;
  /** Leave the page for the issuer. Throws SessionProblem. */
  signIn(): Promise<void>;
  renew(): Promise<Renewal>;
  /** End the session. Throws SessionProblem if it has not ended at all. */
  signOut(): Promise<SignedOff>;
  /** End what this tab holds because another tab has signed out; what did not work. */
  forget(): Promise<string | null>;
  /** Call the API as this session. Rejects as `fetch` does. */
  call(request: ApiRequest): Promise<Response>;
}

/** The ways of keeping a session that there are: by cookie always, by storage where it is allowed. */
export type Sessions = Readonly<Partial<Record<Mode, Session>>> & { readonly cookie: Session };

/** Why nothing came back, for a person. */
export function networkProblem(error: unknown): string {
  const offline = typeof navigator !== "undefined" && navigator.onLine === false;
  if (offline) return "This browser is offline.";
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError" || name === "ErrorTimeout") return "No answer came in time.";
  return "The network gave no answer.";
}
