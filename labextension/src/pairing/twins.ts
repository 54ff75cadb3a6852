/** A pair is one document: who opens a twin as a notebook gets the document that is there. */
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDocumentWidget } from '@jupyterlab/docregistry';
import { Contents } from '@jupyterlab/services';

import { folderOf, folderPairs } from './folderPairs.js';
import { MergedSaves } from './saves.js';

const NOTEBOOK = 'Notebook';
const PATIENCE_MS = 1000; // opening a file does not wait longer for its pair

export function openPrimaries(manager: IDocumentManager): void {
  const { registry } = manager;
  lookBefore(manager.services.contents);
  const primary = (path: string, name?: string | null) => {
    const isDefault = !name || name === 'default';
    const factory = isDefault ? registry.defaultWidgetFactory(path).name : name;
    return factory === NOTEBOOK && folderPairs.isTwin(path)
      ? (folderPairs.of(path)?.primary ?? path)
      : path;
  };
  const saves = new MergedSaves(manager.services.contents);
  const followed = (widget: IDocumentWidget | undefined) => {
    const context = widget && manager.contextForWidget(widget);
    if (context) {
      saves.follow(context);
    }
    return widget;
  };
  const open = manager.open.bind(manager);
  manager.open = (path, name, ...rest) => followed(open(primary(path, name), name, ...rest));
  const reveal = manager.openOrReveal.bind(manager);
  manager.openOrReveal = (path, name, ...rest) =>
    followed(reveal(primary(path, name), name, ...rest));
}

/** Know the pairs of a folder before a file in it is opened: JupyterLab asks for the file first. */
function lookBefore(contents: Contents.IManager): void {
  const get = contents.get.bind(contents);
  contents.get = async (path, options) => {
    const folder = folderOf(path);
    if (options?.content === false && !folderPairs.knows(folder)) {
      await Promise.race([
        folderPairs.look(folder),
        new Promise(resolve => setTimeout(resolve, PATIENCE_MS))
      ]);
    }
    return get(path, options);
  };
}
