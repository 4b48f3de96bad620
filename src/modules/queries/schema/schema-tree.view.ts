/** One line of the tree: template `workbench/_node`. */
export interface TreeNode {
  /** In the page. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** The name taken apart at what was looked for; null where nothing was. */
  readonly hit: { readonly before: string; readonly match: string; readonly after: string } | null;
  /** `PK` or `FK`; an empty string keeps the place, null has none. */
  readonly mark: string | null;
  /** What stands at the right: a type, a kind, a target. */
  readonly detail: string;
  /** The planner's estimate; null where there is none. */
  readonly rows: number | null;
  readonly title: string;
  /** What is written into the statement; null where nothing makes sense. */
  readonly insert: string | null;
  readonly open: boolean;
  /** Where its children are; null when it has none, or they are here already. */
  readonly branch: string | null;
  readonly children: TreeBranch | null;
  readonly acts: TreeActs | null;
}

export interface TreeActs {
  /** Address of the first rows. */
  readonly data: string;
  /** Address of the statements that would make it; null where the catalog does not have them. */
  readonly definition: string | null;
}

/** The lines of one place: template `workbench/_branch`. */
export interface TreeBranch {
  readonly id: string;
  readonly nodes: readonly TreeNode[];
  readonly more: { readonly href: string; readonly left: number } | null;
  /** What to say when there is nothing. */
  readonly empty: string;
}

/** GET /queries/schema/tree: page `workbench/tree`, fragment `workbench/_tree`, or `workbench/_branch` for a part. */
export interface SchemaTree extends TreeBranch {
  readonly databaseId: string;
  readonly databaseName: string;
  /** Nothing is known of the schema of a database that does not run. */
  readonly running: boolean;
  readonly tables: number;
  readonly q: string;
}

/** GET /queries/schema/definition: page `workbench/definition`, fragment `workbench/_definition`. */
export interface TableDefinition {
  readonly databaseId: string;
  readonly name: string;
  readonly sql: string;
}
