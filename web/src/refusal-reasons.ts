// What a route asks, what the token holds, what the API answered -> the reason as text. Pure.
//
// The API says no more than its standards let it, so the page works the reason out from
// what it may know itself, and says so where it cannot know.

import type { Claims } from "./claims";
import { textsOf, type RouteInfo, type Rule } from "./routes";
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
}

export interface Refusal {
  readonly status: number;
  /** The answer's WWW-Authenticate header. */
  readonly challenge: string | null;
}

/** How the issuer of a Cognito user pool begins. */
const USER_POOL = /^https:\/\/(issuer-)?cognito-idp\./;

/** What a rule asks for and the claims do not hold, each as the end of "The token ...". */
export function unmetRequirements(
  rule: Rule,
  claims: Claims,
  issuerName: string,
  parameters: Readonly<Record<string, string>>,
): string[] {
  const scopes = scopesOf(claims);
  const groups = textsOf(claims[USER_POOL.test(String(claims["iss"])) ? "cognito:groups" : "groups"]);
  const missing = rule.scopesAll.filter((scope) => !scopes.includes(scope));
  const found: string[] = [];
  if (rule.issuers.length > 0 && !rule.issuers.includes(issuerName)) {
    found.push(`was issued by ${issuerName}, and this route accepts only ${either(rule.issuers)}`);
  }
  if (rule.tokenUse !== null && claims["token_use"] !== rule.tokenUse) {
    found.push(`is ${kindOf(claims["token_use"])}, and this route needs ${kindOf(rule.tokenUse)}`);
  }
  if (missing.length > 0) found.push(`lacks the scope ${missing.join(", ")}`);
  if (rule.scopesAny.length > 0 && !rule.scopesAny.some((scope) => scopes.includes(scope))) {
    found.push(`lacks the scope ${either(rule.scopesAny)}`);
  }
  if (rule.groupsAny.length > 0 && !rule.groupsAny.some((group) => groups.includes(group))) {
    found.push(`lacks the group ${either(rule.groupsAny)}`);
  }
  return [...found, ...lackingClaims(rule, claims, parameters)];
}

function kindOf(tokenUse: unknown): string {
  if (tokenUse === "access") return "an access token";
  if (tokenUse === "id") return "an ID token";
  return `a token whose token_use is ${quoted(tokenUse)}`;
}

export interface Verdict {
  readonly words: string;
  readonly isGood: boolean;
}

/** What a route will make of a token, before there is a path to compare its claims with. */
export function predict(rule: Rule, claims: Claims, issuerName: string): Verdict {
  const ofPath = Object.entries(rule.claims).flatMap(([name, wanted]) =>
    typeof wanted === "object" ? [{ name, parameter: wanted.path_parameter }] : [],
  );
  const fixed = Object.entries(rule.claims).filter(([, wanted]) => typeof wanted !== "object");
  const absent = ofPath.filter(({ name }) => claims[name] === undefined);
  const reasons = [
    ...unmetRequirements({ ...rule, claims: Object.fromEntries(fixed) }, claims, issuerName, {}),
    ...absent.map(({ name }) => `lacks the claim ${name}`),
  ];
  if (reasons.length > 0) return { words: `Your token ${reasons.join("; it ")}.`, isGood: false };
  const where = ofPath.map(({ name, parameter }) => ` where ${parameter} is ${quoted(claims[name])}`);
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
  if (route.authorizer === "jwt" && route.rule !== null) {
    const [issuer] = unmetRequirements(route.rule, claims, situation.issuerName, situation.parameters);
    if (issuer?.startsWith("was issued by")) return `The token ${issuer}.`;
  }
  if (said !== undefined) return `The API refused the token: ${said}.`;
  if (mode === "cookie") {
    return "The API refused the token: the cookie is gone or changed, or the request lacked its anti-CSRF header or came from another origin.";
  }
  return "The API refused the token without a reason: it may be expired, revoked, or for another app.";
}

function explainForbidden(situation: Situation): string {
  const { route, mode, claims } = situation;
  if (route.rule === null || claims === null) {
    return "The API refused the request, but not because of a token: none was sent.";
  }
  const reasons = unmetRequirements(route.rule, claims, situation.issuerName, situation.parameters);
  if (reasons.length > 0) return `The token ${reasons.join("; it ")}.`;
  if (mode === "cookie" && !route.cookie) return takesNoCookie(route);
  return "The token holds all that the rule shown here asks for, so the API refused for a reason of its own: its rule may have changed since this page was loaded.";
}

function takesNoCookie(route: RouteInfo): string {
  return `This route reads no cookie: ${route.key} takes a token only in the Authorization header, as "Browser storage" sends it.`;
}

function lackingClaims(
  rule: Rule,
  claims: Claims,
  parameters: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(rule.claims).flatMap(([name, wanted]) => {
    const value = typeof wanted === "object" ? (parameters[wanted.path_parameter] ?? "") : wanted;
    if (claims[name] === value) return [];
    if (claims[name] === undefined) return [`lacks the claim ${name}, which must be ${quoted(value)}`];
    return [`has the claim ${name} ${quoted(claims[name])}, which must be ${quoted(value)}`];
  });
}

/** As the Lambda authorizer reads them (RFC 8693 section 4.2; some issuers say `scp`). */
function scopesOf(claims: Claims): string[] {
  const value = claims["scope"] ?? claims["scp"] ?? claims["scopes"];
  return typeof value === "string" ? value.split(" ") : textsOf(value);
}

function either(names: readonly string[]): string {
  return names.join(" or ");
}

function quoted(value: unknown): string {
  return value === undefined ? "of none" : JSON.stringify(value);
}
