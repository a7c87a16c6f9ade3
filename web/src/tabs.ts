// Tab <-> the other tabs of this browser: what one does to the session, the others learn.

import { isRecord } from "./claims";
import type { Mode } from "./session";

const CHANNEL = "aws-jwt-authorizer.session";

export type News =
  | { readonly kind: "signed_out" }
  | { readonly kind: "changed"; readonly mode: Mode };

export class Tabs {
  readonly #channel: BroadcastChannel | null;

  constructor(hear: (news: News) => void) {
    this.#channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
    this.#channel?.addEventListener("message", (event) => {
      const news: unknown = event.data;
      if (isRecord(news) && (news["kind"] === "signed_out" || news["kind"] === "changed")) {
        hear(news as unknown as News);
      }
    });
  }

  tell(news: News): void {
    this.#channel?.postMessage(news);
  }
}
