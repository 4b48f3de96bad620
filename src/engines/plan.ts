/** Something a node says beside its numbers, in the engine's own words: `Sort Key` → `o.placed_at`. */
export interface PlanDetail {
  readonly name: string;
  readonly value: string;
}

/** One step of a plan; the same shape for every engine. What an engine does not tell is null. */
export interface PlanNode {
  /** What it does, in the engine's own words: `Hash Join`, `Seq Scan`, `ALL`, `IXSCAN`. */
  readonly operation: string;
  /** The table, view or collection it works on. */
  readonly object: string | null;
  /** How it reaches the rows of `object`: by reading all of it, or by an index. */
  readonly access: 'full' | 'index' | null;
  readonly index: string | null;
  /** The condition that rows must pass here after they were read. */
  readonly filter: string | null;
  /** In the engine's unit, children included. */
  readonly startupCost: number | null;
  readonly totalCost: number | null;
  /** Per loop. */
  readonly estimatedRows: number | null;
  /** Per loop, and how often it ran; only where the statement ran. */
  readonly actualRows: number | null;
  readonly loops: number | null;
  /** Milliseconds over all loops, children included. */
  readonly actualMs: number | null;
  /** Rows that were read and did not pass `filter`, per loop. */
  readonly rowsRemoved: number | null;
  /** It did not fit into memory and wrote to disk. */
  readonly spilled: boolean;
  readonly details: readonly PlanDetail[];
  readonly children: readonly PlanNode[];
}

/** How the engine would run a statement, or did. */
export interface Plan {
  readonly root: PlanNode;
  /** The statement ran, so that there are actual rows and, where the engine measures them, times. */
  readonly analysed: boolean;
  readonly planningMs: number | null;
  readonly executionMs: number | null;
  /** What the engine itself answered. */
  readonly raw: { readonly format: 'json' | 'text'; readonly text: string };
}
