// A route and the claims of this page's token -> each check on the token's way, as far as a page knows. Pure.
//
// The API decides, by settings that no page is told: what only it can check is said to be so.

import { claimInWords, type Claims } from "./claims";
import { unmetBy, type Bearer, type Condition } from "./conditions";
import type { Situation } from "./refusal-reasons";

export interface Step {
  readonly check: string;
  readonly expected: string;
  readonly found: string;
  /** null: only the API can tell. */
  readonly passed: boolean | null;
}

const NUMERIC_DATES = ["nbf", "iat"];

/** The checks in the order in which the API makes them; none of a public route or without a token. */
export function stepsOf(situation: Situation): Step[] {
  const { route, claims, mode } = situation;
  if (claims === null || route.anyOf === null) return [];
  const unseen = mode === "cookie" ? "in a cookie that no script can read" : "the API alone can tell";
  const bearer = { ...situation, claims };
  const { length } = route.anyOf;
  return [
    step("form, header, key, signature", "a token that its issuer signed", unseen, null),
    expiry(bearer),
    begun(bearer),
    step("audience, client, use", "what the API's settings accept", toldOf(claims, ["aud", "client_id", "token_use"]), null),
    ...route.anyOf.flatMap((rule, index) =>
      rule.map((condition) => conditionStep(length === 1 ? "rule" : `rule ${index + 1}`, condition, bearer)),
    ),
  ];
}

function expiry({ claims, now }: Bearer): Step {
  const at = claims["exp"];
  return step("expiry", "exp in the future", toldOf(claims, ["exp"]), typeof at === "number" && at > now);
}

function begun({ claims, now }: Bearer): Step {
  const dates = NUMERIC_DATES.filter((name) => name in claims);
  const isPast = dates.every((name) => typeof claims[name] === "number" && claims[name] <= now);
  // How far clocks may be apart, the API alone knows.
  return step("begun", "nbf and iat in the past", toldOf(claims, dates), isPast ? true : null);
}

function conditionStep(check: string, condition: Condition, bearer: Bearer): Step {
  if ("check" in condition.asks) return step(check, condition.inWords, "the API alone can ask it", null);
  const unmet = unmetBy(condition, bearer);
  return step(check, condition.inWords, unmet === null ? "it holds" : `the token ${unmet}`, unmet === null);
}

function toldOf(claims: Claims, names: readonly string[]): string {
  const there = names.filter((name) => name in claims);
  return there.map((name) => `${name} ${claimInWords(name, claims[name])}`).join("; ") || "none";
}

function step(check: string, expected: string, found: string, passed: boolean | null): Step {
  return { check, expected, found, passed };
}
