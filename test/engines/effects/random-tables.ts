/** Random numbers that a seed repeats (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** From 0 up to but not including `below`. */
  below(below: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below;
  }

  whole(below: number): number {
    return Math.floor(this.below(below));
  }

  of<T>(items: readonly T[]): T {
    const item = items[this.whole(items.length)];
    if (item === undefined) throw new Error('There is nothing to choose from.');
    return item;
  }

  some<T>(items: readonly T[]): T[] {
    const chosen = items.filter(() => this.whole(2) === 0);
    return chosen.length > 0 ? chosen : [this.of(items)];
  }
}

/** A type of column with constants of it, in the dialect of one engine. */
export interface RandomType {
  readonly type: string;
  readonly constants: readonly string[];
}

export interface RandomCase {
  readonly create: readonly string[];
  /** One statement that changes rows of table `t`. */
  readonly change: string;
  /** Reads the whole table in the order of its key. */
  readonly read: string;
}

interface Shape {
  readonly key: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: RandomType }[];
}

const ROWS = 12;

/** A table with rows, and a statement that changes some of them. */
export function randomCase(random: Random, types: readonly RandomType[]): RandomCase {
  const shape: Shape = {
    key: random.whole(3) === 0 ? ['k1', 'k2'] : ['k1'],
    columns: Array.from({ length: 1 + random.whole(5) }, (_, index) => ({
      name: index === 0 ? 'Odd "Name"' : `c${String(index)}`,
      type: random.of(types),
    })),
  };
  const columns = shape.columns.map(({ name, type }) => `${quoted(name)} ${type.type}`);
  const create = `create table t (${[...shape.key.map((name) => `${name} int not null`), ...columns].join(', ')}, primary key (${shape.key.join(', ')}))`;
  const rows = Array.from({ length: ROWS }, (_, index) => rowOf(random, shape, index));
  return {
    create: [create, `insert into t values ${rows.join(', ')}`],
    change: changeOf(random, shape),
    read: `select * from t order by ${shape.key.join(', ')}`,
  };
}

function rowOf(random: Random, shape: Shape, index: number): string {
  const keys = shape.key.map((_, place) => String(place === 0 ? index : random.whole(3)));
  return `(${[...keys, ...shape.columns.map(({ type }) => constant(random, type))].join(', ')})`;
}

function constant(random: Random, { constants }: RandomType): string {
  return random.whole(4) === 0 ? 'null' : random.of(constants);
}

function changeOf(random: Random, shape: Shape): string {
  const where = random.of(['k1 < 4', 'k1 between 3 and 8', 'k1 in (1, 5, 11, 40)', 'k1 >= 0', 'k1 > 100']);
  switch (random.whole(3)) {
    case 0:
      return `delete from t where ${where}`;
    case 1:
      return `insert into t values ${[40, 41, 42].map((key) => rowOf(random, shape, key)).join(', ')} -- more`;
    default: {
      const sets = random.some(shape.columns);
      return `update t set ${sets.map(({ name, type }) => `${quoted(name)} = ${constant(random, type)}`).join(', ')} where ${where}`;
    }
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
