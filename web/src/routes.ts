// One route of config.json -> RouteInfo, and the request that calls it. Pure.

import { isRecord } from "./claims";

export interface PathParameter {
  readonly path_parameter: string;
}

export interface Rule {
  readonly issuers: readonly string[];
  readonly tokenUse: string | null;
  readonly scopesAll: readonly string[];
  readonly scopesAny: readonly string[];
  readonly groupsAny: readonly string[];
  readonly claims: Readonly<Record<string, string | number | boolean | PathParameter>>;
}

export interface RouteInfo {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly authorizer: string;
  /** Whether the route reads a token from the cookie. */
  readonly cookie: boolean;
  readonly ruleInWords: string;
  /** Null on a public route. */
  readonly rule: Rule | null;
  readonly sampleBody: unknown;
}

/** A path parameter without a value; the message is for a person. */
export class ParameterMissing extends Error {}

/** What an item says; null if it is not a route. */
export function parseRoute(item: unknown): RouteInfo | null {
  if (!isRecord(item)) return null;
  const { key, authorizer, rule_in_words: words } = item;
  if (typeof key !== "string" || typeof authorizer !== "string" || typeof words !== "string") {
    return null;
  }
  const [method, path] = key.split(" ");
  if (!method || !path?.startsWith("/")) return null;
  const rule = item["public"] === true ? null : parseRule(item["rule"]);
  if (rule === undefined) return null;
  const cookie = item["cookie"] === true;
  const sampleBody = item["sample_body"] ?? null;
  return { key, method, path, authorizer, cookie, ruleInWords: words, rule, sampleBody };
}

/** The names in a path: "tenant" of "/tenants/{tenant}/orders". */
export function parameterNames(path: string): string[] {
  return [...path.matchAll(/\{([A-Za-z0-9_]+)\+?\}/g)].map((match) => match[1] ?? "");
}

/** The path with its parameters filled in. Throws ParameterMissing, which names one. */
export function filledPath(path: string, values: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{([A-Za-z0-9_]+)(\+?)\}/g, (_, name: string, greedy: string) => {
    const value = values[name]?.trim() ?? "";
    if (value === "") throw new ParameterMissing(`Give a value for ${name} first.`);
    if (value === "." || value === "..") {
      throw new ParameterMissing(`${name} cannot be "${value}": a browser would leave it out.`);
    }
    const parts = greedy === "+" ? value.split("/") : [value];
    return parts.map(encodeURIComponent).join("/");
  });
}

function parseRule(value: unknown): Rule | undefined {
  if (!isRecord(value)) return undefined;
  const claims = isRecord(value["claims"]) ? value["claims"] : {};
  return {
    issuers: textsOf(value["issuers"]),
    tokenUse: typeof value["token_use"] === "string" ? value["token_use"] : null,
    scopesAll: textsOf(value["scopes_all"]),
    scopesAny: textsOf(value["scopes_any"]),
    groupsAny: textsOf(value["groups_any"]),
    claims: claims as Rule["claims"],
  };
}

/** The texts of a list; none of anything else. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
