// Start here: settings, both ways of keeping a session, and what is shown, put together.

import { ConfigInvalid, parseConfig, type AppConfig } from "./config";
import { CookieSession } from "./cookie-session";
import { button, byId } from "./dom";
import { chooseMode, rememberedMode, showModes, startModeSwitch } from "./mode-view";
import { clearProblem, showProblem, showStanding } from "./notices";
import { PageStorage } from "./page-storage";
import { RouteView } from "./route-view";
import { ServerClock } from "./server-clock";
import { networkProblem, SessionProblem, type ApiRequest, type Mode, type Sessions } from "./session";
import { SessionKeeper } from "./session-keeper";
import { SessionView } from "./session-view";
import { Tabs } from "./tabs";
import { forgetTokens, TokenSession } from "./token-session";

const CONFIG_PATH = "/app/config.json";
const CALLBACK_PATH = "/app/callback";
const NOTICE_KEY = "page.notice";
const CONFIG_SECONDS = 15;

const clock = new ServerClock();
const tabStorage = new PageStorage(() => sessionStorage, showStorageProblem);
const pageStorage = new PageStorage(() => localStorage, showStorageProblem);

/** The settings of the page, and the server's time with them. Throws ConfigInvalid. */
async function loadConfig(): Promise<AppConfig> {
  const signal = AbortSignal.timeout(CONFIG_SECONDS * 1000);
  const response = await fetch(CONFIG_PATH, { cache: "no-store", credentials: "omit", signal });
  clock.adopt(response.headers.get("date"));
  if (!response.ok) throw new ConfigInvalid(`${CONFIG_PATH} answered ${response.status}`);
  return parseConfig(await response.json());
}

async function start(): Promise<void> {
  const answer = takeSignInAnswer();
  let config: AppConfig;
  try {
    config = await loadConfig();
  } catch (error) {
    const why = error instanceof ConfigInvalid ? `${error.message}.` : networkProblem(error);
    showStanding(`The page could not load its settings. ${why}`, reloadButton());
    byId("session-content", HTMLElement).replaceChildren("Not known.");
    return;
  }
  await run(config, answer);
}

/** The address that the issuer sent the browser to, which goes out of sight at once. */
function takeSignInAnswer(): string | null {
  if (location.pathname !== CALLBACK_PATH) return null;
  const address = location.href;
  history.replaceState(null, "", "/app");
  return address;
}

async function run(config: AppConfig, answer: string | null): Promise<void> {
  const { storage } = config;
  const tokens = storage === null ? null : new TokenSession(storage, tabStorage, clock);
  if (tokens === null) forgetTokens(tabStorage);
  const mode = modeOf(tokens, answer);
  const cookies = new CookieSession(clock, (state) => keeper.adopt(state));
  const sessions: Sessions = tokens === null ? { cookie: cookies } : { cookie: cookies, storage: tokens };
  const tabs = new Tabs((news) => void keeper.hear(news));
  const keeper: SessionKeeper = new SessionKeeper(
    {
      sessions,
      clock,
      tell: (news) => tabs.tell(news),
      show: (kept) => {
        sessionView.show(kept);
        for (const view of routeViews) view.update();
      },
    },
    mode,
  );
  const sessionView = new SessionView(clock, {
    signIn: () => reportErrors(() => keeper.signIn()),
    renew: () => keeper.renew(),
    signOut: () => reportErrors(() => signOut(keeper)),
    showOther: (other) => chooseMode(other),
    lookAgain: () => keeper.restore(),
  });
  const parts = {
    issuerName: config.issuerName,
    now: () => clock.now(),
    kept: () => keeper.kept,
    call: async (request: ApiRequest) => {
      try {
        return await keeper.call(request);
      } catch (error) {
        // The card forgets its answer when the person changes; this is to be read all the same.
        if (error instanceof SessionProblem) showProblem(error.message);
        throw error;
      }
    },
  };
  const routeViews = config.routes.map((route) => new RouteView(route, parts));
  byId("route-list", HTMLElement).replaceChildren(...routeViews.map((view) => view.card));
  showStartNotices(config);
  showModes(storage !== null);
  if (storage !== null) {
    startModeSwitch(mode, pageStorage, async (chosen) => {
      clearProblem();
      await keeper.choose(chosen);
    });
  }
  watch(keeper, sessionView);
  if (answer !== null && tokens !== null) await reportErrors(() => tokens.finishSignIn(answer));
  await keeper.restore();
  if (keeper.kept.session.kind === "signed_in") tabs.tell({ kind: "changed", mode });
}

/** The way that the session is kept in: an answer decides it only if this tab has asked for it. */
function modeOf(tokens: TokenSession | null, answer: string | null): Mode {
  if (tokens === null) return "cookie";
  return answer !== null && tokens.isOurs(answer) ? "storage" : rememberedMode(pageStorage);
}

/** What the person should know before anything else. */
function showStartNotices(config: AppConfig): void {
  const left = tabStorage.getItem(NOTICE_KEY);
  tabStorage.removeItem(NOTICE_KEY);
  if (left !== null) showProblem(left);
  if (config.storage !== null && config.storage.metadata === null) {
    const why = config.storage.metadataProblem ?? "The issuer does not answer.";
    showStanding(`Sign-in is temporarily unavailable. ${why}`, reloadButton());
  }
  if (location.origin !== config.publicUrl) {
    showStanding(`Signing in works only at ${config.publicUrl}/app, and this is ${location.origin}.`);
  }
}

function showStorageProblem(problem: string): void {
  showStanding(`This browser's storage ${problem}: its data is lost when you close this page.`);
}

/** Keep the session right while time passes and the page comes and goes. */
function watch(keeper: SessionKeeper, sessionView: SessionView): void {
  setInterval(() => sessionView.tick(), 1000);
  addEventListener("online", () => void keeper.wake());
  addEventListener("pagehide", (event) => {
    // The browser may keep this page and show it again after a sign-out: it then starts from nothing.
    if (event.persisted) keeper.hide();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) void wakeUp(keeper, true);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void wakeUp(keeper, clock.hasSlept());
  });
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.effectiveDirective !== "connect-src") return;
    showStanding(
      "This page was loaded while the issuer's addresses were not known, so the browser lets it ask nothing there.",
      reloadButton(),
    );
  });
}

async function wakeUp(keeper: SessionKeeper, isLong: boolean): Promise<void> {
  if (isLong) {
    // Only for the time: without an answer the old one has to do.
    await loadConfig().catch(() => null);
    await keeper.restore();
  }
  await keeper.wake();
}

async function signOut(keeper: SessionKeeper): Promise<void> {
  const { address, problem } = await keeper.signOut();
  if (problem !== null) tabStorage.setItem(NOTICE_KEY, problem);
  location.assign(address);
}

/** Run a step, and show its problem if it has one. */
async function reportErrors(step: () => Promise<void>): Promise<void> {
  clearProblem();
  try {
    await step();
  } catch (error) {
    if (!(error instanceof SessionProblem)) throw error;
    showProblem(error.message);
  }
}

function reloadButton(): HTMLButtonElement {
  return button("Reload the page", async () => location.reload());
}

void start();
