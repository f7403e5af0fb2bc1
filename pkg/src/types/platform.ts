/**
 * What the declarations name of the platform. Where neither `dom` nor the types of a runtime are loaded, any object does,
 * so that they compile there too. To declare them globally would change what other modules see.
 */

type Class<Name extends string> = typeof globalThis extends Record<Name, { prototype: infer Instance }> ? Instance : object;

export type AbortSignal = Class<"AbortSignal">;
export type Headers = Class<"Headers">;
export type Blob = Class<"Blob">;
export type File = Class<"File">;
export type Request = Class<"Request">;
export type Response = Class<"Response">;
export type URL = Class<"URL">;
export type ReadableStream = Class<"ReadableStream">;
export type WritableStream = Class<"WritableStream">;
export type FileSystemFileHandle = Class<"FileSystemFileHandle">;
export type FileSystemDirectoryHandle = Class<"FileSystemDirectoryHandle">;
export type FileSystemEntry = Class<"FileSystemEntry">;
export type FileSystemDirectoryEntry = Class<"FileSystemDirectoryEntry">;
export type CryptoKey = Class<"CryptoKey">;
/** Bytes, or text, piece by piece. */
export type AsyncBytes = AsyncIterable<Uint8Array | string>;
/** What `fetch` takes for headers. */
export type HeadersInit = Headers | readonly (readonly [string, string])[] | Readonly<Record<string, string>>;
export type RequestInit = typeof globalThis extends { Request: new (input: never, init?: infer Init) => unknown } ? NonNullable<Init> : object;
export type WebAssemblyModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;
