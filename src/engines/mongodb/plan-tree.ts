import type { Plan, PlanDetail, PlanNode } from '../plan.js';

type Fields = Readonly<Record<string, unknown>>;

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

const FULL: ReadonlySet<string> = new Set(['COLLSCAN']);
const BY_INDEX: ReadonlySet<string> = new Set([
  'IXSCAN',
  'IDHACK',
  'COUNT_SCAN',
  'DISTINCT_SCAN',
  'CLUSTERED_IXSCAN',
  'EXPRESS_IXSCAN',
  'EXPRESS_CLUSTERED_IXSCAN',
  'TEXT_MATCH',
  'GEO_NEAR_2DSPHERE',
]);

/** What has a field of its own in PlanNode, holds another step, or says nothing to a person. */
const OWN: ReadonlySet<string> = new Set([
  'stage',
  'inputStage',
  'inputStages',
  'innerStage',
  'outerStage',
  'thenStage',
  'elseStage',
  'shards',
  'indexName',
  'filter',
  'nReturned',
  'executionTimeMillisEstimate',
  'usedDisk',
  'planNodeId',
  'isCached',
  'works',
  'advanced',
  'needTime',
  'needYield',
  'saveState',
  'restoreState',
  'isEOF',
]);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** Reads the server's answer to explain, whichever of its forms it has. */
export function planOf(answer: Fields, analysed: boolean): Plan {
  const stats = fieldsOf(answer['executionStats']);
  const stages = listOf(answer['stages']);
  return {
    root: stages.length > 0 ? pipeline(stages) : queryNode(answer),
    analysed: analysed && (isFields(answer['executionStats']) || stages.length > 0),
    planningMs: null,
    executionMs: numberOf(stats['executionTimeMillis']),
    raw: { format: 'json', text: JSON.stringify(answer, null, 2) },
  };
}

/** A pipeline flows from the first stage to the last, a plan is read from the last to the first. */
function pipeline(stages: readonly Fields[]): PlanNode {
  return stages.reduce<PlanNode>((before, stage, at) => {
    const [name = '', value] = Object.entries(stage).find(([key]) => key.startsWith('$')) ?? [];
    if (name === '$cursor') return queryNode(fieldsOf(value));
    const node: PlanNode = {
      ...EMPTY,
      operation: name,
      actualRows: numberOf(stage['nReturned']),
      actualMs: numberOf(stage['executionTimeMillisEstimate']),
      spilled: stage['usedDisk'] === true,
      details: [{ name: 'Stage', value: JSON.stringify(value) }],
    };
    return at === 0 ? node : { ...node, children: [before] };
  }, EMPTY);
}

function queryNode(answer: Fields): PlanNode {
  const planner = fieldsOf(answer['queryPlanner']);
  const winning = fieldsOf(planner['winningPlan']);
  // The newer engine has its plan one level deeper, and what it executed in a form of its own.
  const planned = isFields(winning['queryPlan']) ? winning['queryPlan'] : winning;
  const executed = fieldsOf(fieldsOf(answer['executionStats'])['executionStages']);
  const collection =
    typeof planner['namespace'] === 'string' ? planner['namespace'].replace(/^[^.]*\./, '') : null;
  if (typeof planned['stage'] !== 'string') return foreign(planner);
  return node(
    typeof executed['stage'] === 'string' && executed['stage'] === planned['stage'] ? executed : planned,
    collection,
  );
}

function node(fields: Fields, collection: string | null): PlanNode {
  const operation = String(fields['stage']);
  const leaf = FULL.has(operation) || BY_INDEX.has(operation);
  return {
    ...EMPTY,
    operation,
    object: leaf ? collection : null,
    access: accessOf(operation),
    index: typeof fields['indexName'] === 'string' ? fields['indexName'] : null,
    filter: isFields(fields['filter']) ? JSON.stringify(fields['filter']) : null,
    actualRows: numberOf(fields['nReturned']),
    loops: numberOf(fields['nReturned']) === null ? null : 1,
    actualMs: numberOf(fields['executionTimeMillisEstimate']),
    spilled: fields['usedDisk'] === true,
    details: detailsOf(fields),
    children: childrenOf(fields).map((child) => node(child, collection)),
  };
}

function accessOf(operation: string): PlanNode['access'] {
  if (FULL.has(operation)) return 'full';
  return BY_INDEX.has(operation) ? 'index' : null;
}

function childrenOf(fields: Fields): readonly Fields[] {
  const single = ['inputStage', 'outerStage', 'innerStage', 'thenStage', 'elseStage'].map(
    (name) => fields[name],
  );
  const shards = listOf(fields['shards']).map((shard) => shard['winningPlan'] ?? shard['executionStages']);
  return [...single, ...listOf(fields['inputStages']), ...shards]
    .filter(isFields)
    .filter((child) => typeof child['stage'] === 'string');
}

function detailsOf(fields: Fields): PlanDetail[] {
  return Object.entries(fields)
    .filter(([name]) => !OWN.has(name))
    .map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) }));
}

/** Servers that only speak the protocol answer with the plan of what is behind them. */
function foreign(planner: Fields): PlanNode {
  const lines = planner['Plan'];
  const details = (Array.isArray(lines) ? lines : [planner]).map((line, at) => ({
    name: String(at + 1),
    value: typeof line === 'string' ? line : JSON.stringify(line),
  }));
  return { ...EMPTY, operation: 'PLAN', details };
}
