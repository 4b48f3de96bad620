import { v7, validate } from 'uuid';

/** A new id: UUID version 7, so that rows made one after another lie side by side in indexes. */
export function newId(): string {
  return v7();
}

export function isId(value: string): boolean {
  return validate(value);
}
