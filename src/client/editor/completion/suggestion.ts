import type { Lexis } from '../../../engines/lexis.js';
import type { SchemaLookup } from './lookup.js';
import type { Place } from './place.js';
import type { Scope } from './scope.js';

/** Something that can be put at the cursor. Pure data: the editor shows and applies it. */
export interface Suggestion {
  /** What is shown and matched with what was typed. */
  readonly label: string;
  /** What is put in, where it is not the label. */
  readonly apply?: string;
  readonly type:
    'table' | 'view' | 'column' | 'alias' | 'keyword' | 'function' | 'join' | 'schema' | 'query' | 'type';
  readonly detail?: string;
  /** More comes first among what matches equally well; from -99 to 99. */
  readonly boost?: number;
}

export interface Suggestions {
  /** The stretch that a suggestion takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly list: readonly Suggestion[];
}

/** What suggestions are made of, at one place of one statement. */
export interface Context {
  readonly engine: string;
  readonly text: string;
  /** What stands before the word at the cursor, and what of it has been typed. */
  readonly before: string;
  readonly typed: string;
  readonly place: Place;
  readonly scope: Scope | null;
  readonly lookup: SchemaLookup;
}

export interface Language {
  readonly engine: string;
  readonly lexis: Lexis;
}
