/** One of the known texts, or one that the API adds tomorrow. Editors complete the known ones. */
export type Open<Known extends string> = Known | (string & {});

/**
 * Fields that a reply may hold beyond the declared ones. Replies are passed on as the API sent them:
 * no field is dropped, renamed or converted, and dates stay ISO 8601 strings in UTC.
 */
export interface Extensible {
  [field: string]: unknown;
}
