/**
 * One timer for all waits of a call: it is not set anew for each, but looks when it rings whether it is time. The call
 * as a whole may have an end too.
 */
export class Clock {
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer rings. */
  #rings = Number.POSITIVE_INFINITY;
  /** When the wait is over. */
  #at = Number.POSITIVE_INFINITY;
  /** How long the wait may take. */
  #limit = 0;
  /** When the call is over. */
  #end = Number.POSITIVE_INFINITY;
  #then: ((over: boolean) => void) | undefined;

  /** Ends the whole call after so many milliseconds. */
  limit(ms: number): void {
    this.#end = performance.now() + ms;
  }

  /** Calls after so many milliseconds, or at the end of the whole call, in the place of what was to be called before. */
  set(ms: number, then: (over: boolean) => void): void {
    this.#then = then;
    this.#limit = ms;
    this.again();
    if (this.#at < this.#rings) this.#wind();
  }

  /** Lets the wait begin anew. */
  again(): void {
    this.#at = Math.min(performance.now() + this.#limit, this.#end);
  }

  unset(): void {
    this.#then = undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#rings = Number.POSITIVE_INFINITY;
  }

  #wind(): void {
    clearTimeout(this.#timer);
    this.#rings = this.#at;
    // Beyond the longest time that `setTimeout` takes, it would ring at once.
    const ms = Math.max(0, this.#at - performance.now());
    if (ms <= 2 ** 31 - 1) this.#timer = setTimeout(() => this.#ring(), ms);
  }

  #ring(): void {
    this.#rings = Number.POSITIVE_INFINITY;
    const now = performance.now();
    if (this.#at - now >= 1) this.#wind();
    else this.#then?.(this.#end - now < 1);
  }
}
