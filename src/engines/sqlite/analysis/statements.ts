import type { StatementClass } from '../../engine.js';
import { refused, stricter, verdict, type Verdict } from '../../verdict.js';
import { isAllowedModule, isDeniedFunction, isDeniedTable } from './denied.js';
import { isName, isOperator, isWord, type Token } from './lexer.js';
import { pragmaClass } from './pragmas.js';

/** A statement without EXPLAIN and WITH in front: what it does. */
export interface Act {
  /** `select`, `create table`, `pragma table_info`. */
  readonly verb: string;
  /** The tokens from the verb on. */
  readonly tokens: readonly Token[];
  readonly explained: boolean;
}

const MAIN: readonly string[] = ['select', 'values', 'insert', 'replace', 'update', 'delete'];
const OBJECTS: readonly string[] = ['table', 'index', 'view', 'trigger', 'virtual'];
const MAKERS: readonly string[] = ['alter', 'create', 'drop'];
const CONTROL: readonly string[] = ['begin', 'commit', 'end', 'rollback', 'savepoint', 'release'];

const CLASSES: ReadonlyMap<string, StatementClass> = new Map<string, StatementClass>([
  ['select', 'read'],
  ['values', 'read'],
  ['insert', 'dml'],
  ['replace', 'dml'],
  ['update', 'dml'],
  ['delete', 'dml'],
  ['alter table', 'ddl'],
  ['analyze', 'ddl'],
  ['reindex', 'ddl'],
  ['vacuum', 'ddl'],
  ...OBJECTS.map((kind) => [`create ${kind}`, 'ddl'] as const),
  ...OBJECTS.map((kind) => [`drop ${kind}`, 'ddl'] as const),
  ...CONTROL.map((word) => [word, 'control'] as const),
]);

const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['attach', 'A database is one file: ATTACH would open another.'],
  ['detach', 'A database is one file: there is nothing to detach.'],
]);

export function actOf(tokens: readonly Token[]): Act {
  const explained = isWord(tokens[0], 'explain');
  const plan = explained && isWord(tokens[1], 'query') && isWord(tokens[2], 'plan');
  const inner = tokens.slice(plan ? 3 : Number(explained));
  const own = isWord(inner[0], 'with') ? inner.slice(mainVerbAt(inner)) : inner;
  return { verb: verbOf(own), tokens: own, explained };
}

/** Where the statement behind the common table expressions begins. */
function mainVerbAt(tokens: readonly Token[]): number {
  let depth = 0;
  const at = tokens.findIndex((token) => {
    if (isOperator(token, '(')) depth += 1;
    if (isOperator(token, ')')) depth -= 1;
    return depth === 0 && isWord(token, ...MAIN);
  });
  return at < 0 ? tokens.length : at;
}

function verbOf(tokens: readonly Token[]): string {
  const [first, ...rest] = tokens;
  if (first?.kind !== 'word') return '';
  const word = first.value;
  if (word === 'pragma') return `pragma ${pragmaOf(tokens).name}`.trim();
  if (!MAKERS.includes(word)) return word;
  const object = rest.find((token) => !isWord(token, 'temp', 'temporary', 'unique'));
  return isWord(object, ...OBJECTS) ? `${word} ${object?.value ?? ''}` : word;
}

interface Pragma {
  readonly name: string;
  readonly hasValue: boolean;
}

function pragmaOf(tokens: readonly Token[]): Pragma {
  const qualified = isOperator(tokens[2], '.');
  const name = tokens[qualified ? 3 : 1];
  return {
    name: isName(name) ? name.value.toLowerCase() : '',
    hasValue: tokens.length > (qualified ? 4 : 2),
  };
}

/** The class of one statement. What is not known here is refused. */
export function judge(tokens: readonly Token[]): Verdict {
  const act = actOf(tokens);
  const own = stricter(judgeAct(act), judgeParts(tokens));
  if (!act.explained || own.class === 'read' || own.class === 'admin') return own;
  return own.class === 'control'
    ? refused('Statements of this kind have no plan.')
    : verdict(own.class, 'The plan of a write needs the rights of a write.');
}

function judgeAct({ verb, tokens }: Act): Verdict {
  if (verb.startsWith('pragma')) return judgePragma(pragmaOf(tokens));
  if (verb === 'vacuum' && tokens.some((token) => isWord(token, 'into'))) {
    return refused('VACUUM INTO writes another file.');
  }
  if (verb === 'create virtual') return judgeVirtual(tokens);
  const known = CLASSES.get(verb);
  return known === undefined
    ? refused(REFUSALS.get(verb) ?? 'Statements of this kind are not known here.')
    : verdict(known);
}

function judgePragma({ name, hasValue }: Pragma): Verdict {
  const known = pragmaClass(name, hasValue);
  return known === null
    ? refused(`The setting ${name === '' ? 'named here' : name} is kept by the platform.`)
    : verdict(known);
}

function judgeVirtual(tokens: readonly Token[]): Verdict {
  const using = tokens.findIndex((token) => isWord(token, 'using'));
  const module = tokens[using + 1];
  return using > 0 && isName(module) && isAllowedModule(module.value)
    ? verdict('ddl')
    : refused('Virtual tables of this kind reach beyond the database.');
}

/** Functions and tables by name, wherever they stand: quoting does not hide them. */
function judgeParts(tokens: readonly Token[]): Verdict {
  for (const [at, token] of tokens.entries()) {
    if (!isName(token)) continue;
    if (isOperator(tokens[at + 1], '(') && isDeniedFunction(token.value)) {
      return refused(`The function ${token.value} reaches beyond the database.`);
    }
    if (token.kind !== 'string' && isDeniedTable(token.value)) {
      return refused(`The table ${token.value} reaches beyond the data.`);
    }
  }
  return verdict('read');
}
