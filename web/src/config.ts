// /app/config.json -> AppConfig: who the issuer is, and what the routes ask for.

import { isRecord } from "./claims";
import { parseRoute, type RouteInfo } from "./routes";

export type Metadata = Readonly<Record<string, string>>;

export interface AppConfig {
  readonly issuer: string;
  readonly issuerName: string;
  readonly clientId: string;
  readonly scopes: string;
  readonly publicUrl: string;
  /** The issuer's endpoints; null while they are not known. */
  readonly metadata: Metadata | null;
  /** Why they are not known, in words. */
  readonly metadataProblem: string | null;
  readonly routes: readonly RouteInfo[];
}

/** A document that is not what this page expects; the message is for a person. */
export class ConfigInvalid extends Error {}

/** What the document says. Throws ConfigInvalid, which names the member. */
export function parseConfig(document: unknown): AppConfig {
  if (!isRecord(document)) throw new ConfigInvalid("config.json is no object");
  const routes = document["routes"];
  if (!Array.isArray(routes)) throw new ConfigInvalid("config.json has no list of routes");
  const parsed = routes.map(parseRoute);
  const wrong = parsed.indexOf(null);
  if (wrong >= 0) throw new ConfigInvalid(`config.json: routes[${wrong}] is no route`);
  return {
    issuer: textOf(document, "issuer"),
    issuerName: textOf(document, "issuer_name"),
    clientId: textOf(document, "client_id"),
    scopes: textOf(document, "scopes"),
    publicUrl: textOf(document, "public_url"),
    metadata: metadataOf(document["metadata"]),
    metadataProblem:
      typeof document["metadata_problem"] === "string" ? document["metadata_problem"] : null,
    routes: parsed.filter((route) => route !== null),
  };
}

function textOf(document: Record<string, unknown>, name: string): string {
  const value = document[name];
  if (typeof value !== "string" || value === "") {
    throw new ConfigInvalid(`config.json has no text ${name}`);
  }
  return value;
}

function metadataOf(value: unknown): Metadata | null {
  if (!isRecord(value)) return null;
  const texts = Object.entries(value).filter((entry) => typeof entry[1] === "string");
  return Object.fromEntries(texts) as Metadata;
}
