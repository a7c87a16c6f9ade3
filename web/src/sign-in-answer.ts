// The issuer's answer at the callback -> what went wrong, as text. Pure.
//
// Words out of the address are shown only if the answer belongs to a sign-in that this tab
// has begun; else anybody could put words into the page with a link.

/** What each error code of RFC 6749 section 4.1.2.1 and OpenID Connect Core 3.1.2.6 means. */
const IN_WORDS: Readonly<Record<string, string>> = {
  access_denied: "The sign-in was refused or cancelled.",
  invalid_grant: "The issuer did not take the code: it was used before, or is too old.",
  invalid_request: "The issuer did not understand the request.",
  invalid_scope: "The issuer does not give this page one of the scopes that it asked for.",
  login_required: "The issuer wants you to sign in again.",
  server_error: "The issuer has a fault.",
  temporarily_unavailable: "The issuer is overloaded or under repair. Try again later.",
  unauthorized_client: "The issuer does not allow this page to sign people in.",
};
const LONGEST_DESCRIPTION = 300;

/** What to tell the person. */
export function signInProblem(
  parameters: URLSearchParams,
  isOurs: boolean,
  told: { readonly error: string; readonly description: string } | null = null,
): string {
  if (!parameters.has("state")) {
    return "This address is not an answer to a sign-in: it has no state. Sign in from this page.";
  }
  if (!isOurs) {
    return "This answer belongs to no sign-in that this tab has begun, so it was thrown away. It may be an old address, or somebody else's. Sign in from this page.";
  }
  if (told === null) return "The issuer's answer has neither a code nor an error. Sign in again.";
  const words = IN_WORDS[told.error] ?? "The issuer reports an error.";
  const said = [told.error, told.description.slice(0, LONGEST_DESCRIPTION)].filter(Boolean);
  return `${words} It says: ${said.join(" - ")}.`;
}
