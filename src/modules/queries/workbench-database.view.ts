import type { Role } from '../../platform/access/roles.js';
import type { VisibleDatabase } from '../databases/databases.service.js';
import { ENGINE_NAMES, type Outcome } from '../databases/external/external.types.js';
import type { WorkbenchDatabase } from './queries.view.js';

const WORDS: Readonly<Record<Outcome, string>> = {
  run: 'run',
  needs_approval: 'need approval',
  refuse: 'are refused',
};

/** The database that the workbench works on, as this person may use it. */
export function workbenchDatabase(found: VisibleDatabase, role: Role): WorkbenchDatabase {
  const { record, writable } = found;
  const external = record.origin === 'external';
  return {
    id: record.id,
    name: record.name,
    engine: record.engine,
    engineName: ENGINE_NAMES[record.engine],
    environment: external ? record.environment : 'sandbox',
    status: external ? 'registered' : record.status,
    tone: external ? 'neutral' : record.status === 'running' ? 'good' : 'neutral',
    access: writable ? 'read-write' : 'read-only',
    rules: rulesOf(found, role),
  };
}

/** `reads run, changes need approval` */
function rulesOf({ ruleFor, writable }: VisibleDatabase, role: Role): string | null {
  if (ruleFor === null) return null;
  const [reads, rows, schema] = (['read', 'dml', 'ddl'] as const).map((kind) =>
    kind === 'read' || writable ? ruleFor(kind, role).outcome : 'refuse',
  );
  if (reads === undefined || rows === undefined || schema === undefined) return null;
  const all = [reads, rows, schema];
  if (all.every((outcome) => outcome === 'run')) return null;
  const changes =
    rows === schema
      ? `changes ${WORDS[rows]}`
      : `changes of rows ${WORDS[rows]}, of the schema ${WORDS[schema]}`;
  return `reads ${WORDS[reads]}, ${changes}`;
}
