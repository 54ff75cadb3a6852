/** Which factory opens a file first.  Nothing here needs a browser. */

/** What a file is opened as: what its content says, or always the same. */
export type Mode = 'content' | 'notebook' | 'editor';

export interface Rule {
  enabled: boolean;
  /** For suffixes such as ".md"; the others go by content. */
  openAs: Record<string, Mode>;
}

export const NOTEBOOK = 'Notebook';

/** Return whether a file opens as a notebook, null where Octavo leaves it alone. */
export function opensAsNotebook(
  path: string,
  suffixes: readonly string[],
  rule: Rule,
  isNotebook: (path: string) => boolean
): boolean | null {
  const suffix = suffixOf(path, suffixes);
  if (!suffix || !rule.enabled) {
    return null;
  }
  const mode = modeOf(suffix, rule);
  return mode === 'content' ? isNotebook(path) : mode === 'notebook';
}

/** Return the factories in the order in which they are offered. */
export function arranged<T extends { name: string }>(
  factories: T[],
  notebook: T | undefined,
  first: boolean | null
): T[] {
  if (!notebook || first === null) {
    return factories;
  }
  const others = factories.filter(factory => factory.name !== notebook.name);
  return first ? [notebook, ...others] : [...others, notebook];
}

/** Return the longest of the suffixes that a path ends with, "" where none fits. */
export function suffixOf(path: string, suffixes: readonly string[]): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return suffixes.reduce((longest, suffix) => {
    const fits = name.length > suffix.length && name.endsWith(suffix.toLowerCase());
    return fits && suffix.length > longest.length ? suffix : longest;
  }, '');
}

function modeOf(suffix: string, rule: Rule): Mode {
  const found = Object.entries(rule.openAs).find(
    ([name]) => name.toLowerCase() === suffix.toLowerCase()
  );
  return found ? found[1] : 'content';
}
