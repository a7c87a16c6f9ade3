// StorageConfig -> where the issuer ends its own session and sends the browser back. Pure.

import type { StorageConfig } from "./config";

const COGNITO = /^(issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/**
 * The address (OpenID Connect RP-Initiated Logout 1.0 section 2; Amazon Cognito, "Logout endpoint",
 * which has parameters of its own); the page itself if the issuer has none.
 */
export function logoutUrl(config: StorageConfig, idToken: string | null): string {
  const back = `${config.publicUrl}/app`;
  const endpoint = config.metadata?.["end_session_endpoint"];
  if (endpoint === undefined) return back;
  const url = new URL(endpoint);
  url.searchParams.set("client_id", config.clientId);
  if (COGNITO.test(new URL(config.issuer).hostname)) {
    url.searchParams.set("logout_uri", back);
  } else {
    url.searchParams.set("post_logout_redirect_uri", back);
    if (idToken !== null) url.searchParams.set("id_token_hint", idToken);
  }
  return url.href;
}
