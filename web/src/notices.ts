// What happened -> the top of the page, read out by assistive technology.

import { byId, element } from "./dom";

/** Say what went wrong with a step; the next step takes it away. */
export function showProblem(text: string): void {
  byId("latest", HTMLElement).replaceChildren(notice(text));
}

/** Forget what went wrong with the last step. */
export function clearProblem(): void {
  byId("latest", HTMLElement).replaceChildren();
}

/** Say what holds for as long as the page lives: once, with something to do about it if there is. */
export function showStanding(text: string, action: HTMLElement | null = null): void {
  const standing = byId("standing", HTMLElement);
  const isSaid = [...standing.children].some((said) => said.firstChild?.textContent === text);
  if (!isSaid) standing.append(notice(text, action));
}

function notice(text: string, action: HTMLElement | null = null): HTMLElement {
  const made = element("div", { class: "notice", role: "alert" }, element("p", {}, text));
  if (action !== null) made.append(action);
  return made;
}
