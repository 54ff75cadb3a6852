/** Let the document registry know texts that are notebooks: their factory is that of notebooks. */
import { IDocumentManager } from '@jupyterlab/docmanager';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { Contents } from '@jupyterlab/services';

import { arranged, NOTEBOOK, suffixOf } from './rule.js';
import { Sniffer } from './sniffer.js';

const PATIENCE_MS = 2000; // a listing does not wait longer for what its files are

/**
 * Put the factory of notebooks where it belongs among those for a path.
 *
 * It is the factory of JupyterLab itself, not a copy of it, so its toolbar, its extensions and its
 * content provider (collaboration) are there.  What the user chose as the default viewer of a type
 * of file goes first.
 */
export function offerNotebooks(
  registry: DocumentRegistry,
  decide: (path: string) => boolean | null,
  hasViewer: (type: string) => boolean
): void {
  const chosen = (path: string) => {
    const first = decide(path);
    const types = first ? registry.getFileTypesForPath(baseOf(path)) : [];
    return first && !types.some(type => hasViewer(type.name));
  };
  const preferred = registry.preferredWidgetFactories.bind(registry);
  registry.preferredWidgetFactories = path => {
    const first = decide(path) === null ? null : chosen(path);
    return arranged(preferred(path), registry.getWidgetFactory(NOTEBOOK), first);
  };
  const rendered = registry.defaultRenderedWidgetFactory.bind(registry);
  registry.defaultRenderedWidgetFactory = path =>
    (chosen(path) && registry.getWidgetFactory(NOTEBOOK)) || rendered(path);
}

/** Let openers of documents know the factory by its name; Notebook 7 chooses its page by it. */
export function nameFactory(manager: IDocumentManager): void {
  const openOrReveal = manager.openOrReveal.bind(manager);
  manager.openOrReveal = (path, name, ...rest) =>
    openOrReveal(path, name && name !== 'default' ? name : nameOf(manager, path, name), ...rest);
  const open = manager.open.bind(manager);
  manager.open = (path, name, ...rest) =>
    open(path, name && name !== 'default' ? name : nameOf(manager, path, name), ...rest);
}

/** Return "Notebook" for a text that opens as one and has no view yet, else the name as it was. */
function nameOf<T>(manager: IDocumentManager, path: string, name: T): T | string {
  if (path.endsWith('.ipynb') || manager.findWidget(path, null)) {
    return name;
  }
  const factory = manager.registry.defaultWidgetFactory(path);
  return factory?.name === NOTEBOOK ? NOTEBOOK : name;
}

/** Find out what files are before anybody sees them: a listing waits for the answer. */
export function lookAhead(
  contents: Contents.IManager,
  sniffer: Sniffer,
  isReady: Promise<unknown>
): void {
  const look = async (model: Contents.IModel) => {
    await isReady;
    const files = filesOf(model, sniffer).filter(file => contents.driveName(file.path) === '');
    await sniffer.look(files);
  };
  const get = contents.get.bind(contents);
  contents.get = async (path, options) => {
    const model = await get(path, options);
    if (model.type === 'directory' || model.type === 'file') {
      await Promise.race([look(model).catch(complain), pause(PATIENCE_MS)]);
    }
    return model;
  };
}

/** Find out what the document in the address of the page is. */
export async function lookAtAddress(contents: Contents.IManager, sniffer: Sniffer): Promise<void> {
  const found = /\/(?:tree|notebooks|edit)\/(.+)$/.exec(window.location.pathname);
  const path = found ? decodeURIComponent(found[1]) : '';
  if (suffixOf(path, sniffer.suffixes)) {
    await contents.get(path, { content: false }).catch(() => undefined);
  }
}

function filesOf(model: Contents.IModel, sniffer: Sniffer): Contents.IModel[] {
  if (model.type === 'directory') {
    return Array.isArray(model.content) ? model.content : [];
  }
  return suffixOf(model.path, sniffer.suffixes) ? [model] : [];
}

function complain(reason: unknown): void {
  console.warn('Octavo could not find out which files are notebooks:', reason);
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => window.setTimeout(resolve, ms));
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
