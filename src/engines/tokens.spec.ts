import { lexisOf, type Lexis } from './lexis.js';
import { statementAt, statementSpans } from './statement-spans.js';
import { tokensOf } from './tokens.js';

const lexis = (engine: string): Lexis => {
  const found = lexisOf(engine);
  if (found === null) throw new Error(`No lexis for ${engine}`);
  return found;
};
const split = (text: string, engine = 'postgres'): string[] =>
  [...tokensOf(text, lexis(engine))].map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`);
const parameters = (text: string, engine = 'postgres'): string[] =>
  split(text, engine).filter((token) => token.startsWith('parameter'));
const spans = (text: string, engine = 'postgres'): string[] =>
  statementSpans(text, lexis(engine)).map(({ from, to }) => text.slice(from, to));

describe('A text falls into tokens', () => {
  it('of each kind', () => {
    expect(split(`select "a b".été, 1.5e3 -- c\nfrom t where x = 'it''s'`)).toEqual([
      'word select',
      'name "a b"',
      'mark .',
      'word été',
      'mark ,',
      'number 1.5e3',
      'comment -- c',
      'word from',
      'word t',
      'word where',
      'word x',
      'mark =',
      `string 'it''s'`,
    ]);
  });

  it.each([
    ['postgres', '/* a /* b */ c */ x', ['comment /* a /* b */ c */', 'word x']],
    ['mysql', '/* a /* b */ c', ['comment /* a /* b */', 'word c']],
    ['postgres', '$f$ ; $$ ; $f$ x', ['string $f$ ; $$ ; $f$', 'word x']],
    ['postgres', `E'a\\'b' 'c\\'`, [`string E'a\\'b'`, `string 'c\\'`]],
    ['mysql', `'a\\'b' "c" \`d\` # e`, [`string 'a\\'b'`, 'string "c"', 'name `d`', 'comment # e']],
    ['mysql', '5--3', ['number 5', 'mark -', 'mark -', 'number 3']],
    ['sqlite', '[a b] x', ['name [a b]', 'word x']],
    ['postgres', 'a[1] $1', ['word a', 'mark [', 'number 1', 'mark ]', 'mark $', 'number 1']],
    ['postgres', '😀 x', ['mark 😀', 'word x']],
  ])('of %s: %s', (engine, text, expected) => {
    expect(split(text, engine)).toEqual(expected);
  });

  it('says what the text ends within', () => {
    const last = (text: string) => [...tokensOf(text, lexis('postgres'))].at(-1)?.open;
    expect([`'a`, '"a', '/* a', '-- a', '$$ a'].map(last)).toEqual([true, true, true, true, true]);
    expect([`'a'`, '"a"', '/* a */', '$$ a $$'].map(last)).toEqual([false, false, false, false]);
  });

  it('ends with any text', () => {
    const text = `:'"$\`[]{}()\\;--/*é😀\ud800`.repeat(40);
    for (const engine of ['postgres', 'mysql', 'sqlite'])
      expect([...tokensOf(text, lexis(engine))].at(-1)?.to).toBe(text.length);
  });
});

describe('Parameters', () => {
  it('are a colon and a name', () => {
    expect(parameters('where a = :a and b in (:b1,:_c) and d>:été')).toEqual([
      'parameter :a',
      'parameter :b1',
      'parameter :_c',
      'parameter :été',
    ]);
  });

  it.each([
    `select now()::date, x :: int, 'a:b', ":c", $$ :d $$, E'\\':e'`,
    'select a[1:n], b[lo:hi], f(p := 1) -- :g\n/* :h */',
    `select '12:30', data #>> '{a,b}', '{"a":1}'::jsonb -> 'a', x::numeric(10,2)`,
  ])('are nothing else: %s', (text) => {
    expect(parameters(text)).toEqual([]);
  });

  it('are no labels of MySQL', () => {
    expect(parameters('l:loop set @x := 1; end loop l', 'mysql')).toEqual([]);
  });
});

describe('Statements', () => {
  it('are what stands between semicolons that count', () => {
    const text = `-- first\nselect ';' ; /* ; */ select $$;$$;;\n  update t set a = 1 -- end`;
    expect(spans(text)).toEqual([`select ';'`, 'select $$;$$', 'update t set a = 1']);
    expect(spans(' ;; -- nothing')).toEqual([]);
  });

  it.each([
    ['|select 1; select 2', 'select 1'],
    ['select 1|; select 2', 'select 1'],
    ['select 1;| select 2', 'select 1'],
    ['select 1; sel|ect 2', 'select 2'],
    ['select 1;\n|\nselect 2', 'select 2'],
    ['select 1;\n-- co|mment\nselect 2', 'select 2'],
    ['select 1;\n|\n\n\nselect 2', 'select 1'],
    ['select 1;\n\n|', 'select 1'],
    ['  |\nselect 1', 'select 1'],
  ])('at the cursor of %j is %j', (marked, expected) => {
    const at = marked.indexOf('|');
    const text = marked.replace('|', '');
    const span = statementAt(statementSpans(text, lexis('postgres')), at, text.slice.bind(text));
    expect(span === null ? null : text.slice(span.from, span.to)).toBe(expected);
  });
});
