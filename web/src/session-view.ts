// Kept -> the section that says who is signed in, for how long, and what the tokens say.

import { claimInWords, secondsOf, type Claims } from "./claims";
import { button, byId, element } from "./dom";
import { durationInWords, type ServerClock } from "./server-clock";
import type { Mode, SignedIn } from "./session";
import type { Kept, RenewalState } from "./session-keeper";

export interface SessionSteps {
  readonly signIn: () => Promise<void>;
  readonly renew: () => Promise<void>;
  readonly signOut: () => Promise<void>;
  readonly lookAgain: () => Promise<void>;
  readonly showOther: (mode: Mode) => Promise<void>;
}

export class SessionView {
  readonly #content = byId("session-content", HTMLElement);
  readonly #clock: ServerClock;
  readonly #steps: SessionSteps;
  #tick: () => void = () => undefined;

  constructor(clock: ServerClock, steps: SessionSteps) {
    this.#clock = clock;
    this.#steps = steps;
  }

  /** Show a session; the focus stays at its button, or goes to the heading if that is gone. */
  show(kept: Kept): void {
    const focused = document.activeElement;
    const label = this.#content.contains(focused) ? (focused?.textContent ?? "") : null;
    const { tick, nodes } = this.#parts(kept);
    this.#tick = tick;
    this.#content.replaceChildren(...nodes, ...this.#other(kept));
    this.tick();
    if (label === null) return;
    const buttons = [...this.#content.querySelectorAll("button")];
    const same = buttons.find((made) => made.textContent === label);
    (same ?? byId("session-heading", HTMLElement)).focus();
  }

  /** Count down; to be called each second. */
  tick(): void {
    this.#tick();
  }

  /** A session that is kept the other way is never hidden: somebody else may find it here. */
  #other({ other }: Kept): Node[] {
    if (other === null) return [];
    const place = other.mode === "cookie" ? "cookies" : "this tab's storage";
    const words = `There is also a session in ${place}: ${personOf(other.session)}.`;
    const show = button("Show that session", () => this.#steps.showOther(other.mode));
    return [element("p", { class: "warning", id: "other-session" }, words), element("p", {}, show)];
  }

  #parts({ session, renewal }: Kept): { tick: () => void; nodes: Node[] } {
    const nothing = () => undefined;
    if (session.kind === "unknown") {
      if (session.why === null) return { tick: nothing, nodes: [status("Loading …")] };
      const again = button("Look again", this.#steps.lookAgain);
      return { tick: nothing, nodes: [status(session.why), element("p", {}, again)] };
    }
    if (session.kind === "signed_out") {
      const signIn = button("Sign in", this.#steps.signIn, "primary");
      const words = ["You are signed out.", session.why].filter((text) => text !== null);
      return { tick: nothing, nodes: [status(words.join(" ")), element("p", {}, signIn)] };
    }
    return this.#signedIn(session, renewal);
  }

  #signedIn(session: SignedIn, renewal: RenewalState): { tick: () => void; nodes: Node[] } {
    const left = element("strong", { id: "countdown" });
    const bar = element("progress", { "aria-hidden": "true" });
    const failure = element("p", { class: "warning", role: "status", id: "renewal" });
    const issuedAt = secondsOf(session.access, "iat") ?? this.#clock.now();
    bar.max = Math.max(1, session.expiresAt - issuedAt);
    const tick = (): void => {
      const seconds = session.expiresAt - this.#clock.now();
      left.textContent = seconds > 0 ? `expires in ${durationInWords(seconds)}` : "has expired";
      bar.value = Math.max(0, seconds);
      setText(failure, renewalInWords(renewal, seconds > 0));
    };
    const actions = element("p", { class: "actions" });
    if (session.canRenew) actions.append(button("Renew now", this.#steps.renew));
    actions.append(button("Sign out of this browser", this.#steps.signOut));
    const how = session.canRenew
      ? "It is renewed in time, while this page is open."
      : "The issuer gave no refresh token, so you sign in again then.";
    const skew = this.#clock.skewInWords();
    return {
      tick,
      nodes: [
        status(`You are signed in as ${personOf(session)}.`),
        element("p", {}, "The access token ", left, `. ${how}`),
        bar,
        failure,
        ...(skew === null ? [] : [element("p", { class: "warning" }, skew)]),
        actions,
        element(
          "div",
          { class: "tokens" },
          claimTable("Access token", session.access),
          claimTable("ID token", session.id),
        ),
      ],
    };
  }
}

/** What the renewal is at, for a person; "" if there is nothing to say. */
export function renewalInWords(renewal: RenewalState, isAlive: boolean): string {
  if (renewal.kind === "renewing") return "Renewing …";
  if (renewal.kind === "idle") return "";
  const next =
    renewal.retryAt !== null && isAlive
      ? "The page tries again by itself; nothing is lost."
      : "Nothing is lost: renew when the network is back.";
  return `The session could not be renewed. ${renewal.why} ${next}`;
}

function setText(node: HTMLElement, text: string): void {
  // Only a change is read out.
  if (node.textContent !== text) node.textContent = text;
}

function status(text: string): HTMLElement {
  return element("p", { id: "session-status", role: "status" }, text);
}

function personOf({ id, access }: SignedIn): string {
  const names = [id?.["email"], id?.["name"], access["username"], access["sub"]];
  return names.find((name) => typeof name === "string" && name !== "")?.toString() ?? "somebody";
}

function claimTable(title: string, claims: Claims | null): HTMLElement {
  const rows = Object.entries(claims ?? {}).map(([name, value]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, name),
      element("td", {}, claimInWords(name, value)),
    ),
  );
  if (rows.length === 0) {
    rows.push(element("tr", {}, element("td", {}, "There is none, or it cannot be read.")));
  }
  return element("table", {}, element("caption", {}, title), element("tbody", {}, ...rows));
}
