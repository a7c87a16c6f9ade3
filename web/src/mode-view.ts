// The two radio buttons <-> the chosen way of keeping the session.

import { byId } from "./dom";
import type { PageStorage } from "./page-storage";
import type { Mode } from "./session";

const KEY = "page.mode";

/** The mode that was chosen last; "cookie", which gives XSS less, on a first visit. */
export function rememberedMode(storage: PageStorage): Mode {
  return storage.getItem(KEY) === "storage" ? "storage" : "cookie";
}

/** Show the ways that there are, and of each what it really gives a script. */
export function showModes(isStorageAllowed: boolean): void {
  byId("modes", HTMLFieldSetElement).hidden = !isStorageAllowed;
  byId("cookie-only", HTMLElement).hidden = isStorageAllowed;
}

/** Choose a way as the person would, by its radio button. */
export async function chooseMode(mode: Mode): Promise<void> {
  byId(`mode-${mode}`, HTMLInputElement).click();
}

/** Make the switch work, and remember what is chosen. */
export function startModeSwitch(
  mode: Mode,
  storage: PageStorage,
  choose: (mode: Mode) => Promise<void>,
): void {
  const modes = byId("modes", HTMLFieldSetElement);
  for (const input of modes.querySelectorAll("input")) {
    input.checked = input.value === mode;
    input.addEventListener("change", () => {
      const chosen: Mode = input.value === "storage" ? "storage" : "cookie";
      storage.setItem(KEY, chosen);
      void choose(chosen);
    });
  }
  modes.disabled = false;
}
