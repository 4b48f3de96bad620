/** GET /search: page `search/index`, fragment `search/_hits`. */
export interface SearchPage {
  readonly q: string;
  /** How many there are in all groups. */
  readonly count: number;
  readonly groups: readonly SearchGroup[];
}

export interface SearchGroup {
  readonly label: string;
  readonly icon: string;
  readonly hits: readonly { readonly label: string; readonly detail: string | null; readonly href: string }[];
}
