// A JWT -> its claims, for display. Pure.
//
// Nothing is verified here. The page shows what a token says; the API decides by it.

export type Claims = Readonly<Record<string, unknown>>;

/** The payload of a JWS in compact serialisation (RFC 7515 section 7.1); null if it is none. */
export function decodeClaims(token: string): Claims | null {
  const parts = token.split(".");
  const payload = parts[1];
  if (parts.length !== 3 || payload === undefined) return null;
  try {
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return asClaims(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}

/** A JSON object, or null for any other value. */
export function asClaims(value: unknown): Claims | null {
  return isRecord(value) ? value : null;
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A claim as a number of seconds, or null. */
export function secondsOf(claims: Claims | null, name: string): number | null {
  const value = claims?.[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A claim for a person: times also as a date, lists with commas. */
export function claimInWords(name: string, value: unknown): string {
  if (["exp", "iat", "nbf", "auth_time"].includes(name) && typeof value === "number") {
    const date = new Date(value * 1000);
    if (!Number.isNaN(date.getTime())) return `${value} (${dateInWords(date)})`;
  }
  if (Array.isArray(value)) return value.map((item) => textOf(item)).join(", ");
  return textOf(value);
}

/** A moment to the second, "2026-11-25 21:12:00 UTC". */
function dateInWords(date: Date): string {
  return `${date.toISOString().slice(0, -".000Z".length).replace("T", " ")} UTC`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
