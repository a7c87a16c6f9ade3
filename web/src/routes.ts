// One route of config.json -> RouteInfo, and the request that calls it. Pure.

import { isRecord } from "./claims";
import { parseRule, type Rule } from "./conditions";

/** The key of the route that takes whatever no other does. */
const DEFAULT = "$default";

export interface RouteInfo {
  readonly key: string;
  /** What a call of it is sent by: of a route that takes any, GET. */
  readonly method: string;
  readonly path: string;
  readonly authorizer: string;
  /** Whether the route reads a token from the cookie. */
  readonly cookie: boolean;
  readonly ruleInWords: string;
  /** The rules of which a token must meet one; null on a public route. */
  readonly anyOf: readonly Rule[] | null;
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
  const [method, path] = key === DEFAULT ? ["ANY", "/{path+}"] : key.split(" ");
  if (!method || !path?.startsWith("/")) return null;
  const anyOf = item["public"] === true ? null : parseRules(item["any_of"]);
  if (anyOf === undefined) return null;
  const cookie = item["cookie"] === true;
  const sampleBody = item["sample_body"] ?? null;
  const sent = method === "ANY" ? "GET" : method;
  return { key, method: sent, path, authorizer, cookie, ruleInWords: words, anyOf, sampleBody };
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

function parseRules(value: unknown): Rule[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const rules = value.map(parseRule).filter((rule) => rule !== null);
  return rules.length === value.length ? rules : undefined;
}
