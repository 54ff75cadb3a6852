/** Where the conflicts in a list of cells are.  Nothing here needs a browser. */

export type Side = 'ours' | 'theirs';
export type Kept = Side | 'both';

/** The mark of a cell: the note above a conflict, or the version of one side. */
export interface Mark {
  side: Side | 'note';
  label?: string;
}

/** The cells of a conflict: the first, and the one after the last. */
export interface Group {
  start: number;
  end: number;
}

const SIDES = ['note', 'ours', 'theirs'];

/** Return the mark in the metadata `conflict` of a cell. */
export function markOf(value: unknown): Mark | null {
  const side = (value as Partial<Mark> | null | undefined)?.side;
  return side && SIDES.includes(side) ? (value as Mark) : null;
}

/**
 * Return the conflicts: marked cells that follow each other.
 *
 * A note begins a new one, and so does a version of a side whose other version is there.
 */
export function groupsOf(marks: (Mark | null)[]): Group[] {
  const groups: Group[] = [];
  let seen = '';
  marks.forEach((mark, index) => {
    if (!mark) {
      seen = '';
      return;
    }
    const last = groups[groups.length - 1];
    const isNew =
      !seen || mark.side === 'note' || (mark.side === 'ours' && seen.includes('theirs'));
    if (isNew) {
      groups.push({ start: index, end: index + 1 });
      seen = mark.side;
    } else {
      last.end = index + 1;
      seen += ` ${mark.side}`;
    }
  });
  return groups;
}

/** Return whether a cell stays when a conflict is resolved. */
export function stays(mark: Mark, kept: Kept): boolean {
  return mark.side !== 'note' && (kept === 'both' || mark.side === kept);
}

/** Return the conflict at a cell, else the next one below it, else the first. */
export function nearest(groups: Group[], index: number): number {
  const at = groups.findIndex(group => index < group.end);
  return at >= 0 ? at : groups.length ? 0 : -1;
}

/** Return the next conflict after a cell (*step* 1) or before it (-1), going round. */
export function following(groups: Group[], index: number, step: 1 | -1): number {
  if (!groups.length) {
    return -1;
  }
  if (step > 0) {
    const found = groups.findIndex(group => group.start > index);
    return found >= 0 ? found : 0;
  }
  const before = groups.filter(group => group.end <= index);
  return (before.length || groups.length) - 1;
}
