/** The states of a cell: which are on, and what setting one changes.  Nothing here needs a browser. */
import registry from './registry.json' with { type: 'json' };

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Metadata = { [key: string]: Json };

/** A way to say a state in the metadata of a cell. */
export type Mark = { tag: string } | { path: string[]; value: Json };

/** One row of the registry. */
export interface State {
  name: string;
  label: string;
  badge: string;
  group: string;
  write: Mark;
}

export const STATES: readonly State[] = registry.states as State[];
export const GROUPS: readonly string[] = registry.groups;

const BY_NAME = new Map(STATES.map(state => [state.name, state]));

/** Return the state of that name. */
export function stateOf(name: string): State | undefined {
  return BY_NAME.get(name);
}

/** Return whether a cell with this metadata is in the state. */
export function isOn(state: State, metadata: Metadata): boolean {
  const mark = state.write;
  return 'tag' in mark
    ? tagsOf(metadata).includes(mark.tag)
    : valueAt(metadata, mark.path) === mark.value;
}

/** Return the metadata with the state set or taken away; what it was given stays as it is. */
export function withState(metadata: Metadata, state: State, on: boolean): Metadata {
  const mark = state.write;
  if (isOn(state, metadata) === on) {
    return metadata;
  }
  if ('tag' in mark) {
    const others = tagsOf(metadata).filter(tag => tag !== mark.tag);
    return withValue(metadata, ['tags'], on ? [...others, mark.tag] : others);
  }
  return withValue(metadata, mark.path, on ? mark.value : undefined);
}

/** Return whether the state is to be set: it is taken away only where all cells have it. */
export function isToSet(state: State, cells: Metadata[]): boolean {
  return !cells.every(metadata => isOn(state, metadata));
}

/** Return the tags of a cell. */
export function tagsOf(metadata: Metadata): string[] {
  const tags = metadata.tags;
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [];
}

function valueAt(metadata: Metadata, path: string[]): Json | undefined {
  let value: Json | undefined = metadata;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return undefined;
    }
    value = value[key];
  }
  return value;
}

/** Return the metadata with a value at a path; an object or list that becomes empty goes too. */
function withValue(metadata: Metadata, path: string[], value: Json | undefined): Metadata {
  const [key, ...rest] = path;
  const next = rest.length ? withValue(objectAt(metadata, key), rest, value) : value;
  const changed = { ...metadata };
  if (next === undefined || isEmpty(next)) {
    delete changed[key];
  } else {
    changed[key] = next;
  }
  return changed;
}

function objectAt(metadata: Metadata, key: string): Metadata {
  const value = metadata[key];
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
