const HERE = 'http://here.invalid';

/** A path on this site, whatever was given: never another site's address. */
export function ownPath(next: string | undefined): string {
  if (next === undefined || !/^\/[^/\\\s]?[^\\\s]*$/.test(next) || !URL.canParse(next, HERE)) return '/';
  const { origin, pathname, search } = new URL(next, HERE);
  return origin === HERE ? `${pathname}${search}` : '/';
}
