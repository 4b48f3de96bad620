/** A column of a table whose rows a statement changed. */
export interface EffectColumn {
  readonly name: string;
  readonly type: string;
  /** Belongs to the key that tells rows apart. */
  readonly key: boolean;
  /** The server computes it; nobody writes it. */
  readonly generated: boolean;
}

/** A row as the server's own text, by the table's columns. Before is null for a new row, after for one that is gone. */
export interface ChangedRow {
  readonly before: readonly (string | null)[] | null;
  readonly after: readonly (string | null)[] | null;
}

/** What a statement changed in one table. */
export interface TableEffect {
  readonly schema: string | null;
  readonly table: string;
  readonly columns: readonly EffectColumn[];
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly rows: readonly ChangedRow[];
  /** Every changed row is in `rows`, with every cell whole. */
  readonly complete: boolean;
}

/** Rows of a table that were changed on the way, by triggers, cascades or otherwise; seen as numbers only. */
export interface TouchedTable {
  readonly table: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** What one statement changed, seen from inside its transaction. */
export interface StatementEffect {
  readonly affectedRows: number;
  readonly tables: readonly TableEffect[];
  readonly touched: readonly TouchedTable[];
  /**
   * SHA-256 in hex over the keys of the rows that were updated and deleted; equal when the same rows are hit. Inserted
   * rows count by their number: their keys may come from a sequence.
   */
  readonly digest: string;
  /** What cannot be seen or taken back, in words for people. */
  readonly remarks: readonly string[];
  readonly durationMs: number;
}

/** One statement that takes one changed row back, and only if the row still is as the change left it. */
export interface UndoStep {
  /** Affects exactly one row; none means that somebody changed it since. */
  readonly text: string;
  /** The row in words: `orders id=17`. */
  readonly row: string;
}
