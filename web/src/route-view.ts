// RouteInfo -> a card that says what the route asks for, calls it, and says what came back and why.

import { element, whileBusy } from "./dom";
import { explainRefusal, predict, type Situation, type Verdict } from "./refusal-reasons";
import { filledPath, ParameterMissing, parameterNames, type RouteInfo } from "./routes";
import { networkProblem, SessionProblem, type ApiRequest } from "./session";
import type { Kept } from "./session-keeper";
import { stepsOf, type Step } from "./steps";

export interface RouteParts {
  readonly issuerName: string;
  readonly now: () => number;
  readonly kept: () => Kept;
  readonly call: (request: ApiRequest) => Promise<Response>;
}

const LONGEST_BODY = 20_000;
const HEADERS_ONLY: Verdict = {
  words: "For clients that send an Authorization header: a session in cookies sends none.",
  isGood: false,
};
const AUTHORIZERS: Readonly<Record<string, string>> = {
  public: "No authorizer",
  jwt: "API Gateway's JWT authorizer",
  lambda: "Lambda authorizer",
};

export class RouteView {
  readonly card: HTMLElement;
  readonly #route: RouteInfo;
  readonly #parts: RouteParts;
  readonly #inputs = new Map<string, HTMLInputElement>();
  readonly #body: HTMLTextAreaElement | null;
  readonly #verdict = element("p", { class: "verdict" });
  readonly #result = element("div", { class: "result", role: "status" });
  /** Counts calls and sign-outs, so that a late answer of a session that is over is not shown. */
  #turn = 0;

  constructor(route: RouteInfo, parts: RouteParts) {
    this.#route = route;
    this.#parts = parts;
    const id = route.key.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase();
    this.#body = takesBody(route)
      ? element("textarea", { id: `${id}body`, rows: "2", spellcheck: "false" })
      : null;
    if (this.#body !== null) this.#body.value = JSON.stringify(route.sampleBody ?? {});
    this.card = element(
      "article",
      { class: "route", "aria-labelledby": `${id}title`, "data-route": route.key },
      element(
        "h3",
        { id: `${id}title` },
        element("span", { class: "method" }, route.method),
        " ",
        element("code", {}, route.path),
      ),
      element("p", { class: "authorizer" }, AUTHORIZERS[route.authorizer] ?? route.authorizer),
      element("p", {}, route.anyOf === null ? "No token required." : `Asks for ${route.ruleInWords}.`),
      this.#verdict,
      this.#form(id),
      this.#result,
    );
    this.update();
  }

  /** Say what this session's token lacks; forget answers that were given to another session. */
  update(): void {
    const { session, mode } = this.#parts.kept();
    const verdict = this.#isForHeadersOnly() ? HEADERS_ONLY : this.#verdictInWords();
    this.#verdict.textContent = verdict?.words ?? "";
    this.#verdict.hidden = verdict === null;
    this.#verdict.className = `verdict ${verdictKind(verdict)}`;
    const owner = session.kind === "signed_in" ? `${mode} ${String(session.access["sub"])}` : "";
    if (this.#result.dataset["owner"] === owner) return;
    this.#turn += 1;
    this.#result.dataset["owner"] = owner;
    this.#result.replaceChildren();
  }

  #form(id: string): HTMLFormElement {
    const call = element(
      "button",
      { type: "submit" },
      "Call",
      element("span", { class: "hidden" }, ` ${this.#route.key}`),
    );
    const form = element("form", { novalidate: "" });
    for (const name of parameterNames(this.#route.path)) {
      const input = element("input", { id: `${id}${name}`, autocomplete: "off", value: "" });
      this.#inputs.set(name, input);
      form.append(element("label", { for: input.id }, name), input);
    }
    if (this.#body !== null) {
      form.append(element("label", { for: this.#body.id }, "JSON body"), this.#body);
    }
    form.append(call);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void whileBusy(call, () => this.#call());
    });
    return form;
  }

  async #call(): Promise<void> {
    const turn = ++this.#turn;
    const parameters = this.#parameters();
    const say = (...nodes: Node[]): void => {
      if (turn === this.#turn) this.#result.replaceChildren(...nodes);
    };
    try {
      const path = filledPath(this.#route.path, parameters);
      say(element("p", {}, "Calling …"));
      const response = await this.#parts.call({
        method: this.#route.method,
        path,
        body: this.#body?.value ?? null,
        isPublic: this.#route.anyOf === null,
      });
      const text = await response.text();
      say(...this.#answer(response, text, parameters));
    } catch (error) {
      if (error instanceof ParameterMissing) {
        say(element("p", { class: "reason" }, error.message));
        [...this.#inputs.values()].find((input) => input.value.trim() === "")?.focus();
        return;
      }
      if (error instanceof SessionProblem) {
        say(element("p", { class: "reason" }, error.message));
        return;
      }
      const words = `No answer. ${networkProblem(error)} Whether the request arrived is not known.`;
      say(element("p", { class: "reason" }, words));
    }
  }

  #answer(response: Response, text: string, parameters: Record<string, string>): Node[] {
    const name = response.statusText === "" ? "" : ` ${response.statusText}`;
    const kind = response.ok ? "good" : "bad";
    const refusal = {
      status: response.status,
      challenge: response.headers.get("www-authenticate"),
    };
    const situation = this.#situation(parameters);
    const reason = response.ok ? "The API allowed the request." : explainRefusal(situation, refusal);
    return [
      element("p", { class: `status ${kind}` }, `${response.status}${name}`),
      element("p", { class: "reason" }, reason),
      ...stepsBlock(stepsOf(situation)),
      ...(text === "" ? [] : [bodyBlock(text, this.#route.key)]),
    ];
  }

  #verdictInWords(): Verdict | null {
    const situation = this.#situation({});
    const { claims, route } = situation;
    if (route.anyOf === null || claims === null) return null;
    return predict(route.anyOf, { ...situation, claims });
  }

  /** Whether the way of keeping the session, and not the token, decides what comes of a call. */
  #isForHeadersOnly(): boolean {
    const { claims, mode, route } = this.#situation({});
    return mode === "cookie" && route.anyOf !== null && claims !== null && !route.cookie;
  }

  #situation(parameters: Record<string, string>): Situation {
    const { session, mode } = this.#parts.kept();
    const isIn = session.kind === "signed_in";
    const now = this.#parts.now();
    return {
      route: this.#route,
      mode,
      claims: isIn ? session.access : null,
      issuerName: this.#parts.issuerName,
      parameters,
      isExpired: isIn && session.expiresAt <= now,
      now,
    };
  }

  #parameters(): Record<string, string> {
    const values = [...this.#inputs].map(([name, input]) => [name, input.value.trim()]);
    return Object.fromEntries(values) as Record<string, string>;
  }
}

function verdictKind(verdict: Verdict | null): string {
  if (verdict === HEADERS_ONLY) return "note";
  return verdict?.isGood === true ? "good" : "bad";
}

function takesBody(route: RouteInfo): boolean {
  return ["POST", "PUT", "PATCH"].includes(route.method);
}

function stepsBlock(steps: readonly Step[]): HTMLElement[] {
  if (steps.length === 0) return [];
  const result = element("span", { class: "hidden" }, "Result");
  const head = [result, "Check", "Expected", "Found"].map((title) => element("th", { scope: "col" }, title));
  const rows = steps.map(({ check, expected, found, passed }) =>
    element(
      "tr",
      {},
      element("td", { class: passed === null ? "" : passed ? "good" : "bad" }, passed === null ? "?" : passed ? "ok" : "no"),
      ...[check, expected, found].map((text) => element("td", {}, text)),
    ),
  );
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
  return [element("details", { class: "steps" }, element("summary", {}, "Why, check by check"), table)];
}

function bodyBlock(text: string, key: string): HTMLElement {
  const label = `Answer of ${key}`;
  return element("pre", { tabindex: "0", role: "region", "aria-label": label }, pretty(text));
}

function pretty(text: string): string {
  const cut = text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)} …` : text;
  try {
    return JSON.stringify(JSON.parse(cut), null, 2);
  } catch {
    return cut;
  }
}
