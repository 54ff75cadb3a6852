/**
 * Saves that the server merges.
 *
 * Before a save JupyterLab looks whether the file is another than it knows, and lets the user
 * choose which version is lost.  For pairs and text notebooks the server merges both instead.
 */
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { Contents } from '@jupyterlab/services';

import { notebookOf } from './content.js';
import { folderPairs } from './folderPairs.js';

type Context = DocumentRegistry.Context;

export class MergedSaves {
  constructor(contents: Contents.IManager) {
    const get = contents.get.bind(contents);
    contents.get = async (path, options) => {
      const model = await get(path, options);
      const known = options?.content === false && options.hash && this._saving.get(path);
      return known ? { ...model, hash: known.hash, last_modified: known.last_modified } : model;
    };
    const save = contents.save.bind(contents);
    contents.save = (path, options) => {
      this._saving.delete(path);
      return save(path, options);
    };
  }

  /** Follow the saves of a document. */
  follow(context: Context): void {
    if (this._known.has(context)) {
      return;
    }
    this._known.add(context);
    context.saveState.connect((_, state) => {
      const model = context.contentsModel;
      if (state === 'started' && model && isMerged(context)) {
        this._saving.set(context.path, model);
      } else {
        this._saving.delete(context.path);
      }
    });
  }

  private _known = new WeakSet<Context>();
  private _saving = new Map<string, Pick<Contents.IModel, 'hash' | 'last_modified'>>();
}

function isMerged(context: Context): boolean {
  const isText = !context.path.endsWith('.ipynb');
  return (
    !context.model.collaborative &&
    notebookOf(context) !== undefined &&
    (isText || folderPairs.of(context.path) !== undefined)
  );
}
