import { branchName, branchOf, type Branch } from './branch.js';

const PLACES: readonly Branch[] = [
  { kind: 'root' },
  { kind: 'schema', schema: 'public' },
  { kind: 'routines', schema: 'two words' },
  { kind: 'table', schema: 'a/b', table: 'c:d%"é' },
];

it.each(PLACES.map((place) => [branchName(place), place] as const))(
  '%s is the name of a place',
  (name, place) => {
    expect(branchOf(name)).toEqual(place);
  },
);

it.each(['', 'schema:', 'table:public', 'table:a/b/c', 'schema:a/b', 'role:x', 'schema:%E0%A4%A', 'roots'])(
  '“%s” is no place',
  (name) => {
    expect(branchOf(name)).toBeUndefined();
  },
);
