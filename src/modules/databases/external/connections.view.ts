import type { EngineKind } from '../../../engines/engine.js';
import type { Actor } from '../../../platform/access/actor.js';
import { ROLES, type Role } from '../../../platform/access/roles.js';
import type { VisibleDatabase } from '../databases.service.js';
import type { DatabaseEvent } from '../databases.view.js';
import { DEFAULT_PORTS } from './connection-input.js';
import { CHECK_STEPS, type CheckResult, type CheckStep } from './connection-checks.js';
import {
  ENGINE_NAMES,
  EXTERNAL_ENVIRONMENTS,
  OUTCOMES,
  RULE_CLASSES,
  type ExternalDatabase,
  type ExternalEnvironment,
  type OpenConnection,
  type Outcome,
  type RuleClass,
} from './external.types.js';
import { ruleFor, type RuleFacts } from './statement-rules.policy.js';

export interface PlaceView {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly tls: 'off' | 'on' | 'verify';
  readonly hasCa: boolean;
  readonly readUsername: string;
  /** Null when nothing can be changed. */
  readonly writeUsername: string | null;
}

/** One registered database; also a line of the list. */
export interface ConnectionRow {
  readonly id: string;
  readonly name: string;
  readonly engine: EngineKind;
  readonly engineName: string;
  readonly origin: 'external';
  readonly environment: ExternalEnvironment;
  readonly production: boolean;
  readonly owner: { readonly id: string; readonly name: string };
  /** Where it is; null for people who only use it. */
  readonly place: PlaceView | null;
  /** By which rights the read login could change something; null when the server has not told. */
  readonly readLoginWrites: readonly string[] | null;
  readonly hasWriteLogin: boolean;
  readonly checkedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
  readonly can: { readonly manage: boolean };
}

/** GET /connections: template `connections/index`. */
export interface ConnectionsPage {
  readonly connections: readonly ConnectionRow[];
  readonly can: { readonly register: boolean };
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

export interface RuleCell {
  readonly class: RuleClass;
  readonly outcome: Outcome;
  readonly label: string;
  readonly tone: 'good' | 'warn' | 'bad';
  /** Its field in the form, and what that is called. */
  readonly field: string;
  readonly fieldLabel: string;
  /** Empty where there is nothing to choose. */
  readonly choices: readonly Option[];
  /** Part of the form although there is nothing to choose. */
  readonly fixed: boolean;
}

export interface RuleRow {
  readonly role: Role;
  readonly label: string;
  readonly own: boolean;
  readonly cells: readonly RuleCell[];
}

export type ConnectionTab = 'overview' | 'rules' | 'settings' | 'history';

/** GET /connections/:id: template `connections/show`, fragment `connections/_show`. */
export interface ConnectionPage extends ConnectionRow {
  readonly tab: ConnectionTab;
  readonly rules: readonly RuleRow[];
  /** The rules are those that the environment has by itself. */
  readonly usualRules: boolean;
  /** What becomes of the reader's own statements, in sentences. */
  readonly own: readonly { readonly label: string; readonly tone: string; readonly sentence: string }[];
  readonly form: ConnectionForm;
  readonly history: readonly DatabaseEvent[];
}

/** The fields of a connection, filled in; passwords never are. */
export interface ConnectionForm {
  readonly name: string;
  readonly engine: EngineKind;
  readonly file: boolean;
  readonly host: string;
  readonly port: string;
  readonly portHint: string;
  readonly database: string;
  readonly readUsername: string;
  readonly writeUsername: string;
  readonly writable: boolean;
  readonly ca: string;
  readonly tls: readonly Option[];
  readonly environments: readonly Option[];
  /** A password is stored: leaving the field empty keeps it. */
  readonly stored: boolean;
}

/** GET /connections/new: template `connections/new`, fragment `connections/_form`. */
export interface NewConnectionPage {
  readonly engines: readonly (Option & { readonly href: string })[];
  readonly form: ConnectionForm;
  /** An example of a connection string; null where the engine has none. */
  readonly uriExample: string | null;
}

/** POST /connections/test and /connections/:id/test: fragment `connections/_check`. */
export interface ConnectionCheck {
  readonly ok: boolean;
  readonly steps: readonly {
    readonly step: CheckStep;
    readonly label: string;
    readonly state: 'passed' | 'failed' | 'not reached';
    readonly message: string | null;
  }[];
  /** `connection_failed`, `login_failed`, …; null when all went well. */
  readonly code: string | null;
  readonly serverVersion: string | null;
  readonly readLoginWrites: readonly string[] | null;
}

const STEP_LABELS: Readonly<Record<CheckStep, string>> = {
  name: 'Name',
  address: 'Address',
  port: 'Port',
  tls: 'TLS',
  login: 'Login',
  database: 'Database',
  'write login': 'Login for writing',
};
const TLS_LABELS = {
  verify: 'Verify: encrypted, and the certificate is checked',
  on: 'On: encrypted, whoever answers',
  off: 'Off: passwords and data can be read on the way',
} as const;
export const ROLE_LABELS: Readonly<Record<Role, string>> = {
  viewer: 'Viewers',
  developer: 'Developers',
  manager: 'Managers',
  tenant_admin: 'Administrators',
};
const OUTCOME_WORDS: Readonly<Record<Outcome, readonly [string, 'good' | 'warn' | 'bad']>> = {
  run: ['run', 'good'],
  needs_approval: ['need approval', 'warn'],
  refuse: ['are refused', 'bad'],
};
const CLASS_LABELS: Readonly<Record<RuleClass, string>> = {
  read: 'Reads',
  dml: 'Changes of rows',
  ddl: 'Changes of the schema',
};
const URI_EXAMPLES: Readonly<Record<EngineKind, string | null>> = {
  postgres: 'postgres://reader:password@db.example.com:5432/shop?sslmode=verify-full',
  mysql: 'mysql://reader:password@db.example.com:3306/shop',
  mongodb: 'mongodb://reader:password@db.example.com:27017/shop?authSource=admin',
  sqlite: null,
};

/** The engine in words, with the server's version once it was asked: `PostgreSQL 15.18`. */
export function engineNameOf({
  engine,
  loginFacts,
}: Pick<ExternalDatabase, 'engine' | 'loginFacts'>): string {
  const version = loginFacts?.serverVersion.split(/[ -]/, 1)[0] ?? '';
  if (version === '') return ENGINE_NAMES[engine];
  if (engine !== 'mysql') return `${ENGINE_NAMES[engine]} ${version}`;
  return `${/mariadb/i.test(loginFacts?.serverVersion ?? '') ? 'MariaDB' : 'MySQL'} ${version}`;
}

export function connectionRow(
  { record }: VisibleDatabase<ExternalDatabase>,
  actor: Actor,
  owners: ReadonlyMap<string, string>,
): ConnectionRow {
  const { id, name, engine, environment, ownerId, loginFacts, connection } = record;
  const manage = actor.permissions.has('connections:manage');
  return {
    id,
    name,
    engine,
    engineName: engineNameOf(record),
    origin: 'external',
    environment,
    production: environment === 'production',
    owner: { id: ownerId, name: owners.get(ownerId) ?? 'somebody who left' },
    place: manage ? placeView(connection) : null,
    readLoginWrites: loginFacts?.writes ?? null,
    hasWriteLogin: connection.writeUsername !== null,
    checkedAt: record.checkedAt?.toISOString() ?? null,
    lastUsedAt: record.lastUsedAt?.toISOString() ?? null,
    createdAt: record.createdAt.toISOString(),
    can: { manage },
  };
}

function placeView(connection: ExternalDatabase['connection']): PlaceView {
  const { host, port, database, tlsMode: tls, tlsCa, readUsername, writeUsername } = connection;
  return { host, port, database, tls, hasCa: tlsCa !== null, readUsername, writeUsername };
}

/** The table of rules, with what each role's statements come to before the logins have their say. */
export function ruleRows({ rules }: RuleFacts, own: Role, manages: boolean): RuleRow[] {
  return ROLES.map((role) => ({
    role,
    label: ROLE_LABELS[role],
    own: role === own,
    cells: RULE_CLASSES.map((kind) => {
      const outcome = rules[role][kind];
      const [label, tone] = OUTCOME_WORDS[outcome];
      const choices = OUTCOMES.map((value) => ({
        value,
        label: OUTCOME_WORDS[value][0],
        selected: value === outcome,
      }));
      // Viewers only ever read: there is nothing to choose.
      const fixed = manages && role === 'viewer' && kind !== 'read';
      return {
        ...{ class: kind, outcome, label, tone, fixed },
        field: `rules.${role}.${kind}`,
        fieldLabel: `${ROLE_LABELS[role]}: ${CLASS_LABELS[kind].toLowerCase()}`,
        choices: manages && !fixed ? choices : [],
      };
    }),
  }));
}

export function ownRules(facts: RuleFacts, role: Role): ConnectionPage['own'] {
  return RULE_CLASSES.map((kind) => {
    const { outcome, reasons } = ruleFor(kind, role, facts);
    const [words, tone] = OUTCOME_WORDS[outcome];
    const sentence = reasons.map(({ message }) => message).join(' ');
    return { label: `${CLASS_LABELS[kind]} ${words}`, tone, sentence };
  });
}

export function emptyForm(engine: EngineKind): ConnectionForm {
  return {
    name: '',
    engine,
    file: engine === 'sqlite',
    host: '',
    port: '',
    portHint: String(DEFAULT_PORTS[engine]),
    database: '',
    readUsername: '',
    writeUsername: '',
    writable: false,
    ca: '',
    tls: tlsOptions('verify'),
    environments: environmentOptions(null),
    stored: false,
  };
}

export function filledForm({ name, engine, environment, connection }: ExternalDatabase): ConnectionForm {
  const { host, port, database, readUsername, writeUsername, tlsCa, tlsMode } = connection;
  return {
    ...emptyForm(engine),
    ...{ name, host, port: String(port), database, readUsername },
    writeUsername: writeUsername ?? '',
    writable: writeUsername !== null,
    ca: tlsCa ?? '',
    tls: tlsOptions(tlsMode),
    environments: environmentOptions(environment),
    stored: true,
  };
}

function tlsOptions(chosen: PlaceView['tls']): Option[] {
  return (['verify', 'on', 'off'] as const).map((value) => ({
    value,
    label: TLS_LABELS[value],
    selected: value === chosen,
  }));
}

export function newConnectionPage(engines: readonly EngineKind[], chosen: EngineKind): NewConnectionPage {
  return {
    engines: engines.map((value) => ({
      value,
      label: ENGINE_NAMES[value],
      selected: value === chosen,
      href: `/connections/new?engine=${value}`,
    })),
    form: emptyForm(chosen),
    uriExample: URI_EXAMPLES[chosen],
  };
}

/** Nothing is chosen for a new one: that a database is production must not be overlooked. */
function environmentOptions(chosen: ExternalEnvironment | null): Option[] {
  return EXTERNAL_ENVIRONMENTS.map((value) => ({ value, label: value, selected: value === chosen }));
}

export function connectionCheck(
  { failure, loginFacts }: CheckResult,
  connection: Pick<OpenConnection, 'engine' | 'tlsMode' | 'write'>,
): ConnectionCheck {
  const steps = CHECK_STEPS.filter((step) => concerns(step, connection));
  const at = failure === null ? steps.length : steps.indexOf(failure.step);
  return {
    ok: failure === null,
    steps: steps.map((step, index) => ({
      step,
      label: STEP_LABELS[step],
      state: index < at ? 'passed' : index === at ? 'failed' : 'not reached',
      message: index === at ? (failure?.message ?? null) : null,
    })),
    code: failure?.code ?? null,
    serverVersion: loginFacts?.serverVersion ?? null,
    readLoginWrites: loginFacts?.writes ?? null,
  };
}

function concerns(
  step: CheckStep,
  { engine, tlsMode, write }: Pick<OpenConnection, 'engine' | 'tlsMode' | 'write'>,
): boolean {
  if (engine === 'sqlite') return step === 'database';
  if (step === 'tls') return tlsMode !== 'off';
  return step !== 'write login' || write !== null;
}
