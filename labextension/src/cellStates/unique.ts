/** New names for cells that came with a name that another cell has: no name is there twice. */
import { Json, Metadata, UNIQUE, valueAt, withValue } from './states.js';

/**
 * Return what the metadata of each cell is to become, null where it stays: of the cells with one
 * name the first that is not new keeps it, else the first of all.
 */
export function renamed(cells: Metadata[], isNew: (index: number) => boolean): (Metadata | null)[] {
  const changed: (Metadata | null)[] = cells.map(() => null);
  for (const path of UNIQUE) {
    const names = cells.map(metadata => valueAt(metadata, path));
    const taken = new Set<Json | undefined>(names);
    const keepers = keepersOf(names, isNew);
    names.forEach((name, index) => {
      if (typeof name === 'string' && name && isNew(index) && keepers.get(name) !== index) {
        const fresh = freshName(name, taken);
        taken.add(fresh);
        changed[index] = withValue(changed[index] ?? cells[index], path, fresh);
      }
    });
  }
  return changed;
}

function keepersOf(
  names: (Json | undefined)[],
  isNew: (index: number) => boolean
): Map<Json | undefined, number> {
  const keepers = new Map<Json | undefined, number>();
  names.forEach((name, index) => {
    const keeper = keepers.get(name);
    if (keeper === undefined || (isNew(keeper) && !isNew(index))) {
      keepers.set(name, index);
    }
  });
  return keepers;
}

function freshName(name: string, taken: Set<Json | undefined>): string {
  const stem = name.replace(/-\d+$/, '');
  for (let n = 2; ; n++) {
    if (!taken.has(`${stem}-${n}`)) {
      return `${stem}-${n}`;
    }
  }
}
