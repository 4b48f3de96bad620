const INK = /\S/;

/** Where a place of one text is in another that differs in white space alone: behind as many other characters. */
export function sameSpot(before: string, after: string, at: number): number {
  let ink = 0;
  for (let index = 0; index < at; index += 1) if (INK.test(before.charAt(index))) ink += 1;
  const inSpace = at > 0 && !INK.test(before.charAt(at - 1));
  let index = 0;
  for (; ink > 0 && index < after.length; index += 1) if (INK.test(after.charAt(index))) ink -= 1;
  // In front of a word rather than behind the one before.
  while (inSpace && index < after.length && !INK.test(after.charAt(index))) index += 1;
  return index;
}
