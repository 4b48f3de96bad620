import { v7, validate } from 'uuid';

/** A new id: UUID version 7. Ids that one process makes are in the order in which they were made. */
export function newId(): string {
  return v7();
}

export function isId(value: string): boolean {
  return validate(value);
}
