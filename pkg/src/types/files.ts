import type { Open } from "./open.js";

/** A file or folder of a revision. */
export interface TreeEntry {
  type: Open<"file" | "directory" | "unknown">;
  /** Git blob or tree id; for a large file that of its pointer. */
  oid: string;
  /** Bytes of the content, also for large files; 0 for folders. */
  size: number;
  /** Path from the root of the repository. */
  path: string;
  /** Present for large files. */
  lfs?: TreeLfs;
  /** Id of the content in Xet, 64 hexadecimal digits. */
  xetHash?: string;
  /** Last commit that changed the path. Present with `expand`. */
  lastCommit?: LastCommit | null;
  /** Outcome of the security scans. Present with `expand`. */
  securityFileStatus?: SecurityFileStatus | null;
}

/** Where a large file of {@link TreeEntry} is stored. */
export interface TreeLfs {
  /** SHA-256 of the content, in hexadecimal. */
  oid: string;
  /** Bytes of the content. */
  size: number;
  /** Bytes of the pointer file in git. */
  pointerSize: number;
}

/** Last commit that changed a path. */
export interface LastCommit {
  /** Commit id, 40 hexadecimal digits. */
  id: string;
  /** First line of the message. */
  title: string;
  /** ISO 8601. */
  date: string;
}

/** Outcome of the security scans of a file. */
export interface SecurityFileStatus {
  /** The worst of all scans. */
  status: ScanStatus;
  /** Search for viruses. */
  avScan?: SecurityScan;
  /** Search for dangerous imports in pickle files. */
  pickleImportScan?: SecurityScan;
  jFrogScan?: SecurityScan;
  protectAiScan?: SecurityScan;
  virusTotalScan?: SecurityScan;
}

/** What one scanner says. */
export interface SecurityScan {
  status: ScanStatus;
  message?: string;
  /** URL of the scanner's report. */
  reportLink?: string;
  reportLabel?: string;
  /** Imports found in pickle files. */
  pickleImports?: PickleImport[];
  /** Version of the scanner. */
  version?: string;
}

/** An import found in a pickle file. */
export interface PickleImport {
  module: string;
  name: string;
  safety: Open<"innocuous" | "suspicious" | "dangerous">;
}

/** Verdict of a scan. */
export type ScanStatus = Open<"unscanned" | "safe" | "queued" | "error" | "caution" | "suspicious" | "unsafe">;

/** Bytes of a file: from `start`, counted from 0, up to but not including `end`; to the last byte without `end`. */
export interface ByteRange {
  start: number;
  end?: number | undefined;
}
