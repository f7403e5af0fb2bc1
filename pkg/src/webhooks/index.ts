/** Receives what the Hub's webhooks deliver, in any runtime whose server knows `Request` and `Response`. @module hf-wasm/webhooks */
import type { Request, Response } from "../types/platform.js";
import { type EventOf, eventOf, type Scope, type WebhookEvent } from "./event.js";
import { memoryStore, Seen, type WebhookStore } from "./seen.js";
import { secretsOf, verified, type VerifyOptions, WebhookError } from "./verify.js";

export type * from "./event.js";
export { memoryStore, type WebhookStore } from "./seen.js";
export { verifyWebhook, type VerifyOptions, WebhookError } from "./verify.js";

/** What to do on the events of a scope; `"*"` hears of all that no other entry hears of, known or not. */
export type WebhookListeners = { [S in Scope]?: ((event: EventOf<S>) => unknown) | undefined } & {
  "*"?: ((event: WebhookEvent) => unknown) | undefined;
};

export interface WebhookHandlerOptions extends VerifyOptions {
  on: WebhookListeners;
  /** Where it is kept which deliveries came before. Default: in memory. */
  store?: WebhookStore | undefined;
  /** Keeps the runtime alive until the work is done; that of the handler's second argument comes first. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** Called with the error of work that failed, or of the store. Default: `console.error`. */
  onError?: ((error: unknown, event: WebhookEvent) => unknown) | undefined;
}

/** What workers and functions hand over with a request. */
export interface WebhookContext {
  waitUntil?(work: Promise<unknown>): void;
}

export interface WebhookHandler {
  /** Responds 202 and works after; 200 for a duplicate; else the status of the `WebhookError`. */
  (request: Request, context?: WebhookContext): Promise<Response>;
  /** Does the work of an event or payload that was kept, whether or not it came before. Rejects as the work does. */
  replay(event: unknown): Promise<void>;
}

/** A handler for the URL that a webhook posts to. */
export function webhookHandler(options: WebhookHandlerOptions): WebhookHandler {
  const { on, maxBytes, waitUntil, onError = logged } = options;
  const secrets = secretsOf(options);
  const seen = new Seen(options.store ?? memoryStore());

  const handler = async (request: globalThis.Request, context?: WebhookContext): Promise<globalThis.Response> => {
    const delivery = await verified(request, secrets, maxBytes).catch((error: unknown) => error);
    if (delivery instanceof WebhookError) return refusal(delivery);
    // What broke while the body was read is no delivery either; the Hub sends it again.
    if (delivery instanceof Error) return respond(400, { error: "The body could not be read" });
    const { event, digest } = delivery as Awaited<ReturnType<typeof verified>>;
    try {
      if (!(await seen.isNew(event, digest))) return respond(200, { duplicate: true });
    } catch (error) {
      await report(onError, error, event);
      return respond(503, { error: "The store of deliveries failed" });
    }
    const work = run(on, event).catch(async (error: unknown) => {
      await seen.forget(event, digest).catch(() => {});
      await report(onError, error, event);
    });
    if (context?.waitUntil) context.waitUntil(work);
    else waitUntil?.(work);
    return respond(202, { accepted: true });
  };

  const replay = async (given: unknown): Promise<void> => {
    const event = eventOf(given);
    if (!event) throw new TypeError("event: is no webhook payload of version 3");
    await run(on, event);
  };
  return Object.assign(handler, { replay }) as WebhookHandler;
}

/** Begins after the response is on its way. */
async function run(on: WebhookListeners, event: WebhookEvent): Promise<void> {
  await Promise.resolve();
  const known = !("known" in event) && Object.hasOwn(on, event.scope) ? on[event.scope as Scope] : undefined;
  await (known ?? on["*"])?.(event as never);
}

async function report(onError: NonNullable<WebhookHandlerOptions["onError"]>, error: unknown, event: WebhookEvent): Promise<void> {
  try {
    await onError(error, event);
  } catch (failure) {
    logged(failure, event);
  }
}

function logged(error: unknown, { scope, action, repo }: WebhookEvent): void {
  console.error(`webhook: ${scope} ${action} of ${repo.name} failed:`, error);
}

function refusal({ status, message }: WebhookError): globalThis.Response {
  return respond(status, { error: message }, status === 405 ? { allow: "POST" } : {});
}

function respond(status: number, body: object, headers: Record<string, string> = {}): globalThis.Response {
  return globalThis.Response.json(body, { status, headers });
}
