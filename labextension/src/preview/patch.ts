/** The smallest change from one text to another that is one piece.  Needs no browser. */

export interface Patch {
  start: number;
  end: number;
  value: string;
}

/** Return what to put in place of `before.slice(start, end)`, null where nothing changed. */
export function patchOf(before: string, after: string): Patch | null {
  if (before === after) {
    return null;
  }
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) {
    start++;
  }
  let same = 0;
  while (
    same < most - start &&
    before[before.length - 1 - same] === after[after.length - 1 - same]
  ) {
    same++;
  }
  return { start, end: before.length - same, value: after.slice(start, after.length - same) };
}
