// What a rule asks of a token, and what of it the token's claims lack. Pure.
//
// The page predicts and explains with it; the authorizer alone decides.

import { isRecord, type Claims } from "./claims";

/** One thing that a rule asks, as the policy has it, with its words. */
export interface Condition {
  readonly inWords: string;
  readonly asks: Readonly<Record<string, unknown>>;
}

/** What must all hold. */
export type Rule = readonly Condition[];

/** What a condition is held against. */
export interface Bearer {
  readonly claims: Claims;
  /** What the access table calls the issuer of the claims. */
  readonly issuerName: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** How the issuer of a Cognito user pool begins. */
const USER_POOL = /^https:\/\/(issuer-)?cognito-idp\./;

const MOST_AHEAD_SECONDS = 300;

/** What a list of conditions says; null if it is not one. */
export function parseRule(value: unknown): Rule | null {
  if (!Array.isArray(value)) return null;
  const conditions = value.flatMap((item) => {
    if (!isRecord(item) || typeof item["in_words"] !== "string") return [];
    const { in_words: inWords, ...asks } = item;
    return [{ inWords, asks } as Condition];
  });
  return conditions.length === value.length ? conditions : null;
}

/** What a rule asks for and the claims do not hold, each as the end of "The token ...". */
export function unmetRequirements(rule: Rule, bearer: Bearer): string[] {
  return rule.flatMap((condition) => unmetBy(condition, bearer) ?? []);
}

/**
 * What a token lacks of each rule that it comes closest to; nothing if it meets one. Rules of other
 * issuers count only where there are no others.
 */
export function unmetOfClosest(anyOf: readonly Rule[], bearer: Bearer): string[][] {
  const found = anyOf.map((rule) => unmetRequirements(rule, bearer));
  const least = Math.min(...found.map((reasons) => reasons.length));
  if (least === 0) return [];
  const closest = found.filter((reasons) => reasons.length === least);
  const ofOwnIssuer = closest.filter(([first]) => !first?.startsWith(OTHER_ISSUER));
  return ofOwnIssuer.length > 0 ? ofOwnIssuer : closest;
}

/** How the reason begins that a rule is for tokens of another issuer. */
export const OTHER_ISSUER = "was issued by";

/** The parameters of the path that a condition compares with. */
export function parametersOf(condition: Condition): string[] {
  return [...JSON.stringify(condition.asks).matchAll(/"path_parameter":"([A-Za-z0-9_]+)"/g)].map(
    (match) => match[1] ?? "",
  );
}

/** What a claim at a path holds; undefined if it is not there. */
export function claimAt(claims: Claims, path: readonly string[]): unknown {
  return path.reduce<unknown>((held, name) => (isRecord(held) && Object.hasOwn(held, name) ? held[name] : undefined), claims);
}

/** The path of the claim that a condition asks about; none if it asks about no claim. */
export function pathOf(condition: Condition): string[] {
  return textsOf(condition.asks["claim"]);
}

/** What the claims do not hold of one condition, as the end of "The token ..."; null if it holds. */
export function unmetBy({ asks, inWords }: Condition, bearer: Bearer): string | null {
  const { claims, issuerName } = bearer;
  if ("claim" in asks) return unmetClaim(asks, inWords, bearer);
  if ("check" in asks) return null; // the API alone can ask it
  const [kind = "", asked] = Object.entries(asks)[0] ?? [];
  const names = textsOf(asked);
  const scopes = scopesOf(claims);
  const groups = textsOf(claims[USER_POOL.test(String(claims["iss"])) ? "cognito:groups" : "groups"]);
  const missing = (held: string[]) => names.filter((name) => !held.includes(name)).join(", ");
  const hasNone = (held: string[]) => !names.some((name) => held.includes(name));
  switch (kind) {
    case "issuers":
      return names.includes(issuerName) ? null : `${OTHER_ISSUER} ${issuerName}, and this route accepts only ${either(names)}`;
    case "token_use":
      return claims["token_use"] === asked ? null : `is ${kindOf(claims["token_use"])}, and this route needs ${kindOf(asked)}`;
    case "scopes_all":
      return missing(scopes) ? `lacks the scope ${missing(scopes)}` : null;
    case "scopes_any":
      return hasNone(scopes) ? `lacks the scope ${either(names)}` : null;
    case "groups_all":
      return missing(groups) ? `lacks the group ${missing(groups)}` : null;
    case "groups_any":
      return hasNone(groups) ? `lacks the group ${either(names)}` : null;
    default:
      return `lacks ${inWords}`;
  }
}

function unmetClaim(asks: Condition["asks"], inWords: string, bearer: Bearer): string | null {
  const held = claimAt(bearer.claims, textsOf(asks["claim"]));
  if (held === undefined || held === null) return `lacks ${inWords}`;
  if (passes(asks["must"], held, bearer) === true) return null;
  return `lacks ${inWords}: it is ${quoted(held)}`;
}

/** Whether a claim passes a test; null if it is not of the type that the test speaks of. */
function passes(test: unknown, held: unknown, bearer: Bearer): boolean | null {
  const [kind = "", asked] = isRecord(test) ? (Object.entries(test)[0] ?? []) : [];
  const wanted = Array.isArray(asked) ? asked.map((item) => valueOf(item, bearer.parameters)) : [];
  switch (kind) {
    case "not": {
      const answer = passes(asked, held, bearer);
      return answer === null ? null : !answer;
    }
    case "be_number":
      return typeof held === "number" ? isWithin(asked, held) : null;
    case "be_no_older_than_seconds":
      return typeof held === "number" && isRecent(bearer.now - held, Number(asked));
    case "be_one_of":
      return areOfOneType([held], wanted) ? wanted.includes(held) : null;
    case "contain_all":
      return Array.isArray(held) && areOfOneType(held, wanted) ? wanted.every((item) => held.includes(item)) : null;
    case "contain_any":
      return Array.isArray(held) && areOfOneType(held, wanted) ? wanted.some((item) => held.includes(item)) : null;
    default:
      return null;
  }
}

function valueOf(item: unknown, parameters: Bearer["parameters"]): unknown {
  return isRecord(item) ? (parameters[String(item["path_parameter"])] ?? "") : item;
}

function areOfOneType(held: readonly unknown[], wanted: readonly unknown[]): boolean {
  return held.every((one) => wanted.some((other) => typeof one === typeof other));
}

function isRecent(ageSeconds: number, mostSeconds: number): boolean {
  return -MOST_AHEAD_SECONDS <= ageSeconds && ageSeconds <= mostSeconds;
}

function isWithin(bounds: unknown, number: number): boolean {
  if (!isRecord(bounds)) return false;
  const { at_least: least, above, at_most: most, below } = bounds;
  return (
    (typeof least !== "number" || number >= least) &&
    (typeof above !== "number" || number > above) &&
    (typeof most !== "number" || number <= most) &&
    (typeof below !== "number" || number < below)
  );
}

/** As the Lambda authorizer reads them (RFC 8693 section 4.2; some issuers say `scp`). */
function scopesOf(claims: Claims): string[] {
  const value = claims["scope"] ?? claims["scp"] ?? claims["scopes"];
  return typeof value === "string" ? value.split(" ") : textsOf(value);
}

/** The texts of a list; none of anything else. */
function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function kindOf(tokenUse: unknown): string {
  if (tokenUse === "access") return "an access token";
  if (tokenUse === "id") return "an ID token";
  return `a token whose token_use is ${quoted(tokenUse)}`;
}

function either(names: readonly string[]): string {
  return names.join(" or ");
}

/** A value as JSON has it. */
export function quoted(value: unknown): string {
  return value === undefined ? "of none" : JSON.stringify(value);
}
