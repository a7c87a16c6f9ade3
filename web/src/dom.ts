// Names and texts -> elements. The only maker of elements.
//
// Text becomes text nodes and nothing else; nothing here parses markup.

type Attributes = Readonly<Record<string, string>>;

/** An element with attributes and children; a text child stays text, whatever is in it. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The element of index.html with this id. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} #${id}`);
  return found;
}

/** A button that runs a step, and cannot be pressed again while the step lasts. */
export function button(label: string, run: () => Promise<void>, kind = ""): HTMLButtonElement {
  const made = element("button", { type: "button", class: kind }, label);
  made.addEventListener("click", () => void whileBusy(made, run));
  return made;
}

/** Run a step; the button keeps its focus, and says to assistive technology that it is busy. */
export async function whileBusy(pressed: HTMLButtonElement, run: () => Promise<void>): Promise<void> {
  if (pressed.getAttribute("aria-disabled") === "true") return;
  pressed.setAttribute("aria-disabled", "true");
  try {
    await run();
  } finally {
    pressed.removeAttribute("aria-disabled");
  }
}
