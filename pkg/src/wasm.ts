/** A WebAssembly of the package whose calls {@link CallDriver} drives: it is loaded once, at the first need. */
import { InternalError } from "./errors.js";
import { instantiate, once, type WasmSource } from "./source.js";
import { serializeError } from "./serialize-error.js";

/** What `wasm-bindgen` writes for every WebAssembly. */
interface Glue {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

type Exports = WebAssembly.Exports & {
  /** Moves the stack pointer by so many bytes, and gives it. Absent from a build with Rust's own `std`. */
  __wbindgen_add_to_stack_pointer?(bytes: number): number;
  /** Absent where there is nothing to begin with. */
  __wbindgen_start?(): void;
};

type Load = (imports: WebAssembly.Imports) => Promise<WebAssembly.Exports> | WebAssembly.Exports;

export class Wasm<G extends Glue> {
  /** Once it is there. */
  exports: Exports | undefined;
  readonly #name: string;
  readonly #glue: () => G | Promise<G>;
  readonly #load: Load;
  readonly #shared = once<G>();
  /** How often it is entered at this moment: hooks may enter it again. */
  #depth = 0;
  /** Whether something was thrown out of it since it was entered first. */
  #thrown = false;
  /** The stack pointer where nothing runs. */
  #top = 0;
  /** Where the caller has it, should it be needed. */
  #source: WasmSource | undefined;

  /** `name`, as in the name of its glue. */
  constructor(name: string, glue: () => G | Promise<G>, load: Load) {
    this.#name = name;
    this.#glue = glue;
    this.#load = load;
  }

  /** Names where it is to be loaded from. Without effect once it is there. */
  provide(source: WasmSource | undefined): void {
    this.#source = source ?? this.#source;
  }

  /** Begins to load it soon. If that fails, the first call tries again, and says why. */
  begin(): void {
    if (!this.exports) queueMicrotask(() => void this.ready().catch(() => {}));
  }

  /** Its classes and functions. The first load counts, whoever began it: calls point into its memory. */
  ready(): Promise<G> {
    return this.#shared(async () => {
      try {
        const glue = await this.#glue();
        const imports = { [`./${this.#name}_bg.js`]: glue } as unknown as WebAssembly.Imports;
        this.exports = (await this.#instance(imports)) as Exports;
        glue.__wbg_set_wasm(this.exports);
        this.exports.__wbindgen_start?.();
        this.#top = this.exports.__wbindgen_add_to_stack_pointer?.(0) ?? 0;
        return glue;
      } catch (cause) {
        const message = `hf-wasm could not load its WebAssembly: ${serializeError(cause).message}`;
        const advice = `Call init() with the URL or the bytes of ${this.#name}_bg.wasm first. In Vite, name hf-wasm in optimizeDeps.exclude.`;
        throw new InternalError({ kind: "internal", message, advice, cause });
      }
    });
  }

  async #instance(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
    const source = this.#source;
    try {
      return await (source === undefined ? this.#load(imports) : instantiate(source, imports));
    } catch (error) {
      // Meanwhile the caller has named another source.
      if (this.#source !== source) return this.#instance(imports);
      throw error;
    }
  }

  /** Enters it. What is thrown out of it leaves the stack pointer where it was, so it is put back in the end. */
  enter<T>(run: () => T): T {
    this.#depth++;
    try {
      return run();
    } catch (thrown) {
      this.#thrown = true;
      throw thrown;
    } finally {
      this.#depth--;
      if (this.#thrown && this.#depth === 0) {
        this.#thrown = false;
        const move = this.exports?.__wbindgen_add_to_stack_pointer;
        move?.(this.#top - move(0));
      }
    }
  }
}
