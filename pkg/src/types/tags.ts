
/** Every tag, by its type: `pipeline_tag`, `library`, `language`, `license`, … */
export interface TagsByType {
  [type: string]: Tag[];
}

/** A tag that repositories carry. */
export interface Tag {
  /** The tag itself, as `filter` takes it. */
  id: string;
  /** Text for display. */
  label: string;
  /** The same as its key in {@link TagsByType}. */
  type: string;
  /** Group within the type, such as `nlp`. */
  subType?: string;
  /** Pages offer it as a link. Default true. */
  clickable?: boolean;
}
