// /app/config.json -> AppConfig: who the issuer is, and what the routes ask for.

import { isRecord } from "./claims";
import { parseRoute, type RouteInfo } from "./routes";

export type Metadata = Readonly<Record<string, string>>;

/** The page as a client of the issuer. */
export interface StorageConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: string;
  readonly publicUrl: string;
  /** The issuer's endpoints; null while they are not known. */
  readonly metadata: Metadata | null;
  /** Why they are not known. */
  readonly metadataProblem: string | null;
  /** Whether the API can be told to refuse what is left of a session. */
  readonly revokesSessions: boolean;
}

export interface AppConfig {
  readonly issuerName: string;
  readonly publicUrl: string;
  /** What keeping tokens in the browser's storage needs; null where the page may not. */
  readonly storage: StorageConfig | null;
  readonly routes: readonly RouteInfo[];
}

/** A document that is not what this page expects; the message is for a person. */
export class ConfigInvalid extends Error {}

/** What the document says. Throws ConfigInvalid, which names the member. */
export function parseConfig(document: unknown): AppConfig {
  if (!isRecord(document)) throw new ConfigInvalid("config.json is not an object");
  const routes = document["routes"];
  if (!Array.isArray(routes)) throw new ConfigInvalid("config.json has no list of routes");
  const parsed = routes.map(parseRoute);
  const wrong = parsed.indexOf(null);
  if (wrong >= 0) throw new ConfigInvalid(`config.json: routes[${wrong}] is not a route`);
  const publicUrl = textOf(document, "public_url");
  return {
    issuerName: textOf(document, "issuer_name"),
    publicUrl,
    storage: storageOf(document["storage"], publicUrl, document["revokes_sessions"] === true),
    routes: parsed.filter((route) => route !== null),
  };
}

function storageOf(
  value: unknown,
  publicUrl: string,
  revokesSessions: boolean,
): StorageConfig | null {
  if (!isRecord(value)) return null;
  const problem = value["metadata_problem"];
  return {
    issuer: textOf(value, "issuer"),
    clientId: textOf(value, "client_id"),
    scopes: textOf(value, "scopes"),
    publicUrl,
    metadata: metadataOf(value["metadata"]),
    metadataProblem: typeof problem === "string" ? problem : null,
    revokesSessions,
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
