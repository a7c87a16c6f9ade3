// A token's times -> when to renew it, and when to try again. Pure; all times are in seconds.

const LONGEST_LEAD = 60;
const LEAD_SHARE = 0.2;
const SHORTEST_PAUSE = 5;
const FIRST_RETRY = 1;
const LONGEST_RETRY = 30;

/**
 * How long to wait before a renewal: until the last fifth of the token's life, at most a minute.
 *
 * Never less than a pause since the last one, so that an issuer whose tokens are born expired is
 * not asked without end.
 */
export function secondsUntilRenewal(
  now: number,
  token: { readonly issuedAt: number | null; readonly expiresAt: number },
  renewedAt: number | null,
): number {
  const life = token.issuedAt === null ? Infinity : token.expiresAt - token.issuedAt;
  const lead = Math.min(LONGEST_LEAD, Math.max(0, life * LEAD_SHARE));
  const wanted = token.expiresAt - lead - now;
  const earliest = renewedAt === null ? 0 : renewedAt + SHORTEST_PAUSE - now;
  return Math.max(0, wanted, earliest);
}

/**
 * How long to wait after a failed try: twice as long each time, with a random part so that many
 * browsers do not come back together.
 *
 * The first tries come fast: an answer may have been lost that took the refresh token out of use,
 * and an issuer takes the old one for a few seconds only (RFC 9700 section 4.14.2).
 */
export function secondsUntilRetry(failures: number, random: number): number {
  const full = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1));
  return full * (0.5 + random / 2);
}
