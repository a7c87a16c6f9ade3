// What happened, in words -> the top of the page, read out by assistive technology.

import { byId, element } from "./dom";

/** Say what went wrong; it stays until something else is said. */
export function showProblem(text: string): void {
  show(element("p", { class: "notice problem", role: "alert" }, text));
}

/** Say it in words, with one thing to do about it. */
export function showProblemWith(text: string, action: HTMLElement): void {
  show(element("div", { class: "notice problem", role: "alert" }, element("p", {}, text), action));
}

/** Say nothing any more. */
export function clearNotices(): void {
  byId("notices", HTMLElement).replaceChildren();
}

function show(notice: HTMLElement): void {
  byId("notices", HTMLElement).replaceChildren(notice);
}
