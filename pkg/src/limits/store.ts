/** A store that all isolates reach: Redis, a Durable Object, or what `unstorage` puts before them. What is written must be seen by the next read. */
export interface LimitStore {
  get(key: string): unknown | Promise<unknown>;
  /** `ttl`: milliseconds after which the value may be forgotten. */
  set(key: string, value: string, options: { ttl: number }): unknown | Promise<unknown>;
  /** Adds to a number, 0 at first, and gives the sum, in one step. With it, less is asked of the store. */
  increment?(key: string, by: number, options: { ttl: number }): number | Promise<number>;
}
