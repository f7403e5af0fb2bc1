/** One of the known texts, or one that the API adds tomorrow. Editors complete the known ones. */
export type Open<Known extends string> = Known | (string & {});

/** A reply, or a part of one, with the fields that its type does not declare; each of them is `unknown`. */
export type Raw<T extends object> = T & { readonly [field: string]: unknown };
