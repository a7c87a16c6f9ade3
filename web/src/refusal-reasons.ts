// What a route asks, what the token holds, what the API answered -> the reason as text. Pure.
//
// The API says no more than its standards let it, so the page works the reason out from
// what it may know itself, and says so where it cannot know.

import type { Claims } from "./claims";
import {
  claimAt,
  unmetRequirements,
  unmetOfClosest,
  OTHER_ISSUER,
  parametersOf,
  pathOf,
  quoted,
  type Bearer,
  type Condition,
  type Rule,
} from "./conditions";
import type { RouteInfo } from "./routes";
import type { Mode } from "./session";

export interface Situation {
  readonly route: RouteInfo;
  readonly mode: Mode;
  /** The access token's claims; null if nobody is signed in. */
  readonly claims: Claims | null;
  /** What the access table calls the issuer of this page's tokens. */
  readonly issuerName: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly isExpired: boolean;
  /** Seconds since the epoch, by the server's clock. */
  readonly now: number;
}

export interface Refusal {
  readonly status: number;
  /** The answer's WWW-Authenticate header. */
  readonly challenge: string | null;
}

export interface Verdict {
  readonly words: string;
  readonly isGood: boolean;
}

/** What a route will make of a token, before there is a path to compare its claims with. */
export function predict(anyOf: readonly Rule[], bearer: Bearer): Verdict {
  const verdicts = anyOf.map((rule) => predictOne(rule, bearer));
  const [first] = verdicts;
  const found = verdicts.find((verdict) => verdict.isGood) ?? first;
  if (found === undefined) throw new Error("a route without a rule has no verdict");
  return found;
}

function predictOne(rule: Rule, bearer: Bearer): Verdict {
  const ofPath = rule.filter((condition) => parametersOf(condition).length > 0);
  const fixed = rule.filter((condition) => !ofPath.includes(condition));
  const held = (condition: Condition): unknown => claimAt(bearer.claims, pathOf(condition));
  const reasons = [
    ...unmetRequirements(fixed, bearer),
    ...ofPath.filter((item) => held(item) === undefined).map((item) => `lacks the claim ${pathOf(item).join(".")}`),
  ];
  if (reasons.length > 0) return { words: `Your token ${reasons.join("; it ")}.`, isGood: false };
  const where = ofPath.map((item) => {
    const value = held(item);
    return ` where ${parametersOf(item).join(" and ")} is ${Array.isArray(value) ? "in " : ""}${quoted(value)}`;
  });
  return { words: `Your token holds what it asks for${where.join(" and")}.`, isGood: true };
}

/** Why an answer is not a success. */
export function explainRefusal(situation: Situation, refusal: Refusal): string {
  switch (refusal.status) {
    case 401:
      return explainUnauthorized(situation, refusal.challenge);
    case 403:
      return explainForbidden(situation);
    case 404:
      return "Nothing is at this address: the stage may not have this route.";
    case 429:
      return "Too many requests. Try again shortly.";
    default:
      return refusal.status >= 500
        ? "The fault is the API's, not the token's. Try again later."
        : "The API accepted the token and refused the request; its answer says why.";
  }
}

function explainUnauthorized(situation: Situation, challenge: string | null): string {
  const { route, mode, claims, isExpired } = situation;
  if (claims === null) return "You are not signed in, and this route asks for a token.";
  if (mode === "cookie" && !route.cookie) return takesNoCookie(route);
  if (isExpired) return "The access token has expired. Renew the session, then call again.";
  const said = challenge?.match(/error_description="([^"]*)"/)?.[1];
  if (route.authorizer === "jwt" && route.anyOf !== null) {
    const issuer = unmetOfClosest(route.anyOf, { ...situation, claims })[0]?.[0];
    if (issuer?.startsWith(OTHER_ISSUER)) return `The token ${issuer}.`;
  }
  if (said !== undefined) return `The API refused the token: ${said}.`;
  if (mode === "cookie") {
    return "The API refused the token: the cookie is gone or changed, or the request lacked its anti-CSRF header or came from another origin.";
  }
  return "The API refused the token without a reason: it may be expired, revoked, or for another app.";
}

function explainForbidden(situation: Situation): string {
  const { route, mode, claims } = situation;
  if (route.anyOf === null || claims === null) {
    return "The API refused the request, but not because of a token: none was sent.";
  }
  const rules = unmetOfClosest(route.anyOf, { ...situation, claims });
  if (rules.length > 0) return `The token ${rules.map((reasons) => reasons.join("; it ")).join(", or it ")}.`;
  if (mode === "cookie" && !route.cookie) return takesNoCookie(route);
  return "The token holds all that the rule shown here asks for, so the API refused for a reason of its own: its rule may have changed since this page was loaded.";
}

function takesNoCookie(route: RouteInfo): string {
  return `This route reads no cookie: ${route.key} takes a token only in the Authorization header, as "Browser storage" sends it.`;
}
