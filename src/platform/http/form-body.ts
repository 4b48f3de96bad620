import type { FastifyBodyParser } from 'fastify';
import { AppError } from '../errors/app-error.js';

const MAX_FIELDS = 1000;
const NAME = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*){0,3}$/;
const OF_OBJECTS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

interface Fields {
  [name: string]: string | string[] | Fields;
}

/**
 * Forms as the objects that JSON bodies are: a dot in a name is a level (`read.username`), a name that comes twice is
 * a list.
 */
export const parseForm: FastifyBodyParser<Buffer> = (_, body, done) => {
  try {
    done(null, fieldsOf(body.toString()));
  } catch (error) {
    done(error as Error, undefined);
  }
};

export function fieldsOf(text: string): Fields {
  const fields: Fields = {};
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    const path = name.split('.');
    if (count > MAX_FIELDS || !NAME.test(name) || path.some((part) => OF_OBJECTS.has(part)))
      throw unreadable();
    put(fields, path, value);
  }
  return fields;
}

function put(fields: Fields, path: readonly string[], value: string): void {
  const [name = '', ...rest] = path;
  const present = fields[name];
  if (rest.length > 0) {
    if (present !== undefined && (typeof present !== 'object' || Array.isArray(present))) throw unreadable();
    const inner = present ?? {};
    fields[name] = inner;
    put(inner, rest, value);
  } else if (present === undefined) fields[name] = value;
  else if (Array.isArray(present)) present.push(value);
  else if (typeof present === 'string') fields[name] = [present, value];
  else throw unreadable();
}

function unreadable(): AppError {
  return new AppError('invalid', 'form_unreadable', 'The form has names that cannot be read.');
}
