import { passwordProblem } from './password-rules.policy.js';

const owner = { email: 'mara.lindqvist@acme.example', name: 'Mara Lindqvist' };

it.each(['Correct-Horse-9', 'grün-Bär-7x', 'aB3$efgh', `aB3$${'x'.repeat(68)}`, 'пароль-Длинный-4'])(
  'takes %s',
  (password) => {
    expect(passwordProblem(password, owner)).toBeNull();
  },
);

it.each([
  ['aB3$efg', 'still needs at least 8 characters'],
  ['correct-horse-9', 'still needs an upper-case letter'],
  ['CORRECT-HORSE-9', 'still needs a lower-case letter'],
  ['Correct-Horse-x', 'still needs a digit'],
  ['CorrectHorse9', 'still needs a symbol'],
  ['Correct Horse 9', 'still needs a symbol'],
  ['short', 'still needs at least 8 characters, an upper-case letter, a digit and a symbol'],
  ['', 'still needs at least 8 characters, a lower-case letter, an upper-case letter, a digit and a symbol'],
])('says what %j lacks', (password, sentence) => {
  expect(passwordProblem(password, owner)).toBe(sentence);
});

it.each(['Password1!', 'P@ssw0rd1!', 'Football1!', '!Superman1', 'Iloveyou1!'])(
  'finds that %s is common',
  (password) => {
    expect(passwordProblem(password, owner)).toContain('most common');
  },
);

it.each(['Lindqvist-77', 'x-Mara.Lindqvist-7', 'lINDQVIST$12x'])('finds the person in %s', (password) => {
  expect(passwordProblem(password, owner)).toBe('contains your name or address');
});

it('refuses what bcrypt would cut off, counted in bytes', () => {
  expect(passwordProblem(`aB3$${'x'.repeat(69)}`, owner)).toContain('at most 72 bytes');
  expect(passwordProblem(`aB3$${'ü'.repeat(35)}`, owner)).toContain('at most 72 bytes');
});

it('refuses control characters, at which a hash may stop', () => {
  expect(passwordProblem('aB3$\0efghijk', owner)).toBe('has no control characters');
});
