/** The states of a cell: which are on, and what setting one changes.  Nothing here needs a browser. */
import registry from './registry.json' with { type: 'json' };

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Metadata = { [key: string]: Json };

/** A way to say a state in the metadata of a cell; "{module}" is what a module ends in. */
export type Mark = { tag: string } | { path: string[]; value: Json };

/** One row of the registry; `also` are other spellings, which are read but not written. */
export interface State {
  name: string;
  label: string;
  badge: string;
  group: string;
  key: string;
  write: Mark;
  also?: Mark[];
}

/** States of one kind; where they exclude each other, setting one takes the others away. */
export interface Group {
  name: string;
  label: string;
  exclusive: boolean;
  /** Of the tags that begin like this, the first alone counts. */
  prefix?: string;
}

export const STATES = registry.states as State[];
export const GROUPS = registry.groups as Group[];
/** Where the metadata of a cell holds a name that no other cell may have. */
export const UNIQUE = registry.unique as string[][];

const NOTEBOOK = 'ipynb';
const MODULE = '{module}';
const MODULES = registry.modules as Record<string, string>;
const WRITTEN = registry.written as Record<string, string>;
const SUFFIXES = new Set(registry.suffixes as string[]);

const BY_NAME = new Map(STATES.map(state => [state.name, state]));
const GROUP_OF = new Map(GROUPS.map(group => [group.name, group]));

/** Return the state of that name. */
export function stateOf(name: unknown): State | undefined {
  return BY_NAME.get(String(name));
}

/** Return the states of a group. */
export function statesOf(group: string): State[] {
  return STATES.filter(state => state.group === group);
}

/** Return the states that a cell with this metadata is in. */
export function statesIn(metadata: Metadata): State[] {
  return STATES.filter(state => isOn(state, metadata));
}

/** Return whether a cell with this metadata is in the state. */
export function isOn(state: State, metadata: Metadata): boolean {
  const prefix = GROUP_OF.get(state.group)?.prefix;
  const first = prefix && tagsOf(metadata).find(tag => tag.startsWith(prefix));
  if (first) {
    return 'tag' in state.write && fits(state.write.tag, first);
  }
  return marksOf(state).some(mark => says(metadata, mark));
}

/** Return whether a cell with this metadata is not to be executed. */
export function isSkipped(metadata: Metadata): boolean {
  return statesOf('run').some(state => isOn(state, metadata)) || !isActiveHere(metadata);
}

/** Return whether a cell takes part in notebooks: by its first tag, else by `active`. */
function isActiveHere(metadata: Metadata): boolean {
  const tag = tagsOf(metadata).find(found => found.startsWith('active-'));
  if (tag !== undefined) {
    return tag.split('-').includes(NOTEBOOK);
  }
  const { active } = metadata;
  return typeof active !== 'string' || active.split(/[.,]/).includes(NOTEBOOK);
}

/** Return whether a cell with this metadata is locked beyond what JupyterLab itself locks. */
export function isLocked(metadata: Metadata): boolean {
  const frozen = stateOf('frozen');
  return frozen !== undefined && isOn(frozen, metadata);
}

/**
 * Return what a module in the language of a notebook ends in, without the dot: what the kernel
 * says, else by the language of the kernel.
 */
export function moduleOf(notebook: Metadata): string {
  const language = valueAt(notebook, ['kernelspec', 'language']);
  const suffix = valueAt(notebook, ['language_info', 'file_extension']);
  const main = language ?? valueAt(notebook, ['jupytext', 'main_language']);
  if (typeof suffix === 'string' && suffix.length > 1 && !(suffix === '.py' && main === 'sage')) {
    const bare = suffix.slice(1);
    return WRITTEN[bare] ?? bare;
  }
  const name = String(main ?? '').toLowerCase();
  return MODULES[name.startsWith('c++') ? 'c++' : name] ?? 'py';
}

/**
 * Return the metadata with the state set or taken away; what it was given stays as it is.
 * A module in the language of the notebook ends in *module*.
 */
export function withState(
  metadata: Metadata,
  state: State,
  on: boolean,
  module = 'py'
): Metadata {
  if (isOn(state, metadata) === on) {
    return metadata;
  }
  if (!on) {
    return marksOf(state).reduce(without, metadata);
  }
  return withMark(withoutRivals(metadata, state), state.write, module);
}

/** Return the metadata without any state. */
export function cleared(metadata: Metadata): Metadata {
  return statesIn(metadata).reduce((left, state) => withState(left, state, false), metadata);
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

/** Return the value at a path into metadata. */
export function valueAt(metadata: Metadata, path: string[]): Json | undefined {
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
export function withValue(metadata: Metadata, path: string[], value: Json | undefined): Metadata {
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

function marksOf(state: State): Mark[] {
  return [state.write, ...(state.also ?? [])];
}

function says(metadata: Metadata, mark: Mark): boolean {
  return 'tag' in mark
    ? tagsOf(metadata).some(tag => fits(mark.tag, tag))
    : fits(mark.value, valueAt(metadata, mark.path));
}

/** Return whether a value is what a mark says; a mark for modules means those of any language. */
function fits(said: Json, value: Json | undefined): boolean {
  const found = typeof value === 'string' && typeof said === 'string' ? hyphened(value) : value;
  if (typeof said !== 'string' || typeof found !== 'string' || !said.endsWith(MODULE)) {
    return said === found;
  }
  const before = said.slice(0, -MODULE.length);
  return found.startsWith(before) && SUFFIXES.has(found.slice(before.length));
}

function withoutRivals(metadata: Metadata, state: State): Metadata {
  const group = GROUP_OF.get(state.group);
  if (!group?.exclusive) {
    return metadata;
  }
  const rivals = statesOf(state.group).flatMap(marksOf);
  const { prefix } = group;
  const kept = tagsOf(metadata).filter(tag => !(prefix && tag.startsWith(prefix)));
  return rivals.reduce(without, withTags(metadata, kept));
}

function without(metadata: Metadata, mark: Mark): Metadata {
  if (!says(metadata, mark)) {
    return metadata;
  }
  return 'tag' in mark
    ? withTags(metadata, tagsOf(metadata).filter(tag => !fits(mark.tag, tag)))
    : withValue(metadata, mark.path, undefined);
}

function withMark(metadata: Metadata, mark: Mark, module: string): Metadata {
  return 'tag' in mark
    ? withTags(metadata, [...tagsOf(metadata), mark.tag.replace(MODULE, module)])
    : withValue(metadata, mark.path, mark.value);
}

function withTags(metadata: Metadata, tags: string[]): Metadata {
  return tags.length === tagsOf(metadata).length && tags.length === 0
    ? metadata
    : withValue(metadata, ['tags'], tags);
}

function hyphened(tag: string): string {
  return tag.replaceAll('_', '-');
}

function objectAt(metadata: Metadata, key: string): Metadata {
  const value = metadata[key];
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
