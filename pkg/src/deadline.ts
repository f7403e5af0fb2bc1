/**
 * The time limits of a call: one timer serves all its waits. It is not set anew for each, but looks when it fires whether
 * the time is over.
 */
export class Deadline {
  readonly #expired: (interrupt: "wait" | "call") => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer fires. */
  #fires = Number.POSITIVE_INFINITY;
  /** When the wait is over. */
  #at = Number.POSITIVE_INFINITY;
  /** How long the wait may take. */
  #limit = 0;
  /** When the call is over. */
  #end = Number.POSITIVE_INFINITY;

  /** `expired` hears whether the time of the wait or that of the whole call is over. */
  constructor(expired: (what: "wait" | "call") => void) {
    this.#expired = expired;
  }

  /** Ends the whole call after so many milliseconds. */
  limit(ms: number): void {
    this.#end = performance.now() + ms;
  }

  /** Begins a wait of so many milliseconds at most. */
  begin(ms: number): void {
    this.#limit = ms;
    this.again();
    if (this.#at < this.#fires) this.#set();
  }

  /** Lets the time of the wait begin anew. */
  again(): void {
    this.#at = Math.min(performance.now() + this.#limit, this.#end);
  }

  /** Ends a wait. The timer stays for the next. */
  end(): void {
    this.#at = Number.POSITIVE_INFINITY;
  }

  /** Ends the timer. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#fires = Number.POSITIVE_INFINITY;
  }

  #set(): void {
    clearTimeout(this.#timer);
    this.#fires = this.#at;
    // Beyond the longest time that `setTimeout` takes, it would fire at once.
    const ms = Math.max(0, this.#at - performance.now());
    if (ms <= 2 ** 31 - 1) this.#timer = setTimeout(() => this.#fire(), ms);
  }

  #fire(): void {
    this.#fires = Number.POSITIVE_INFINITY;
    if (this.#at === Number.POSITIVE_INFINITY) return;
    const now = performance.now();
    if (this.#at - now >= 1) this.#set();
    else this.#expired(this.#end - now < 1 ? "call" : "wait");
  }
}
