import type { Lexis } from './lexis.js';
import { tokensOf } from './tokens.js';

/** A text whose parameters were replaced, and the way back from its places to those of the text that was written. */
export interface ReplacedText {
  readonly text: string;
  /** UTF-16 offset in the replaced text → offset in the original; within a replacement the beginning of the parameter. */
  readonly toOriginal: (offset: number) => number;
}

/** The names of the parameters (`:name`) of a text, each once, in the order in which they come. */
export function parameterNames(text: string, lexis: Lexis): string[] {
  return [...new Set(parametersOf(text, lexis).map(({ name }) => name))];
}

/** Puts something in the place of every `:name`. */
export function replaceParameters(
  text: string,
  lexis: Lexis,
  replacement: (name: string) => string,
): ReplacedText {
  const edges: { from: number; to: number; original: number; originalTo: number }[] = [];
  let replaced = '';
  let at = 0;
  for (const { name, from, to } of parametersOf(text, lexis)) {
    replaced += text.slice(at, from);
    const value = replacement(name);
    edges.push({ from: replaced.length, to: replaced.length + value.length, original: from, originalTo: to });
    replaced += value;
    at = to;
  }
  const toOriginal = (offset: number): number => {
    const last = edges.findLast(({ from }) => from <= offset);
    if (last === undefined) return offset;
    return offset < last.to ? last.original : last.originalTo + offset - last.to;
  };
  return { text: replaced + text.slice(at), toOriginal };
}

function parametersOf(text: string, lexis: Lexis): { name: string; from: number; to: number }[] {
  if (!text.includes(':')) return [];
  return [...tokensOf(text, lexis)]
    .filter(({ kind }) => kind === 'parameter')
    .map(({ from, to }) => ({ name: text.slice(from + 1, to), from, to }));
}
