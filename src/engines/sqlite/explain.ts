import type { EngineSession, ExplainOptions, Statement } from '../engine.js';
import { EngineError } from '../engine.js';
import type { Plan, PlanNode } from '../plan.js';
import { engineError } from '../engine-error.js';

const PREFIX = 'explain query plan ';
const LIMITS = { maxRows: 10_000, maxBytes: 4_194_304, maxCellBytes: 65_536 };

interface Step {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/** SQLite tells which way it goes, and neither costs nor times. */
export async function explain(
  session: EngineSession,
  statement: Statement,
  options: ExplainOptions,
): Promise<Plan> {
  if (statement.verb === 'explain' || statement.class === 'control') {
    throw engineError('not_supported', 'Statements of this kind have no plan.');
  }
  const steps = await stepsOf(session, statement, options);
  const children = childrenOf(0, steps);
  const [only] = children;
  return {
    root:
      children.length === 1 && only !== undefined ? only : { ...EMPTY, operation: 'QUERY PLAN', children },
    // There is nothing to measure with: a plan is all there is, whether or not more was asked for.
    analysed: false,
    planningMs: null,
    executionMs: null,
    raw: { format: 'text', text: drawn(children, '') },
  };
}

async function stepsOf(
  session: EngineSession,
  statement: Statement,
  { timeoutMs, signal }: ExplainOptions,
): Promise<Step[]> {
  const steps: Step[] = [];
  const sink = {
    columns: () => undefined,
    row: (row: { bytes(index: number): Uint8Array | null }): void => {
      const [id, parent, , detail] = [0, 1, 2, 3].map((at) =>
        Buffer.from(row.bytes(at) ?? []).toString('utf8'),
      );
      steps.push({ id: Number(id), parent: Number(parent), detail: detail ?? '' });
    },
  };
  try {
    await session.run(
      { ...statement, text: PREFIX + statement.text },
      { ...LIMITS, timeoutMs },
      sink,
      signal,
    );
  } catch (error) {
    throw moved(error);
  }
  return steps;
}

const EMPTY: PlanNode = {
  operation: '',
  object: null,
  access: null,
  index: null,
  filter: null,
  startupCost: null,
  totalCost: null,
  estimatedRows: null,
  actualRows: null,
  loops: null,
  actualMs: null,
  rowsRemoved: null,
  spilled: false,
  details: [],
  children: [],
};

function childrenOf(parent: number, steps: readonly Step[]): PlanNode[] {
  return steps
    .filter((step) => step.parent === parent && step.id !== parent)
    .map((step) => ({ ...nodeOf(step.detail), children: childrenOf(step.id, steps) }));
}

const ACCESS = /^(SCAN|SEARCH) (?:TABLE )?(.+?)(?: (?:USING|VIRTUAL TABLE) (.+))?$/;
const INDEX = /^(?:PARTIAL )?(?:COVERING )?INDEX (\S+)/;

/** `SEARCH o USING INDEX orders_customer (customer_id=?)`; anything else is an operation in SQLite's own words. */
export function nodeOf(detail: string): PlanNode {
  const [, operation = detail, object = null, using = ''] = ACCESS.exec(detail) ?? [];
  if (object === null) return { ...EMPTY, operation };
  const index = indexOf(using);
  const access = operation === 'SEARCH' || index !== null ? 'index' : 'full';
  const details = using === '' ? [] : [{ name: 'Using', value: using }];
  return { ...EMPTY, operation, object, access, index, details };
}

function indexOf(using: string): string | null {
  return INDEX.exec(using)?.[1] ?? null;
}

function drawn(nodes: readonly PlanNode[], indent: string): string {
  return nodes
    .map(({ operation, object, details, children }) => {
      const using = details.map(({ value }) => ` USING ${value}`).join('');
      const own = `${indent}${operation}${object === null ? '' : ` ${object}`}${using}`;
      return children.length === 0 ? own : `${own}\n${drawn(children, `${indent}  `)}`;
    })
    .join('\n');
}

/** The position of an error counts from the person's own text. */
function moved(error: unknown): unknown {
  if (!(error instanceof EngineError) || error.problem.position === null) return error;
  const position = Math.max(0, error.problem.position - PREFIX.length);
  return new EngineError({ ...error.problem, position }, { cause: error });
}
