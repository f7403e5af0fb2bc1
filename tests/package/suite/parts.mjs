// Which groups of cases a cell runs, by its `part`. Every group runs in every runtime and engine; what is left out where
// the same code runs in the same engine again is named here.

/** What the way of loading can break: which files are found, what a minifier renames, what a polyfill replaces. */
export const LOADING = ["lists", "repositories", "commits", "large files", "people", "inference", "errors", "cancel", "options"];

/** Whether a case of this group runs. */
export const PARTS = {
  /** In a runtime or an engine. */
  all: () => true,
  /** Bundled, or loaded in another way, or in another global scope, in an engine that runs every case elsewhere. */
  loading: (group) => LOADING.includes(group),
};

/** The title of the group that a case is of. */
export const groupOf = ({ name }) => name.slice(0, name.indexOf(": "));
