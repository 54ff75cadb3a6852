/** Set states of the selected cells, all of them in one step of undo. */
import { YNotebook } from '@jupyter/ydoc';
import { Cell, ICellModel } from '@jupyterlab/cells';
import { Notebook } from '@jupyterlab/notebook';

import { isToSet, Metadata, moduleOf, State, withState } from './states.js';

/** Return the selected cells of a notebook; the active cell is one of them. */
export function selectedCells(notebook: Notebook): Cell[] {
  return notebook.widgets.filter(cell => notebook.isSelectedOrActive(cell));
}

/** Set a state of the selected cells, or take it away where all have it. */
export function toggle(notebook: Notebook, state: State): void {
  const cells = selectedCells(notebook);
  const on = isToSet(state, cells.map(cell => metadataOf(cell.model)));
  const module = moduleIn(notebook);
  change(notebook, cells, metadata => withState(metadata, state, on, module));
}

/** Return what a module in the language of a notebook ends in. */
export function moduleIn(notebook: Notebook): string {
  return moduleOf((notebook.model?.sharedModel.getMetadata() ?? {}) as Metadata);
}

/** Return the metadata of a cell. */
export function metadataOf(model: ICellModel): Metadata {
  return model.sharedModel.getMetadata() as Metadata;
}

/** Change the metadata of cells, as one step that Undo takes back. */
export function change(
  notebook: Notebook,
  cells: Cell[],
  changed: (metadata: Metadata) => Metadata
): void {
  const shared = notebook.model?.sharedModel as unknown as YNotebook | undefined;
  if (!shared) {
    return;
  }
  // Yjs takes changes that follow each other quickly as one step: this one stands by itself.
  shared.undoManager.stopCapturing();
  shared.transact(() => {
    for (const cell of cells) {
      assign(cell.model, changed(metadataOf(cell.model)));
    }
  });
  shared.undoManager.stopCapturing();
}

/** Give a cell this metadata, and no other. */
export function assign(model: ICellModel, after: Metadata): void {
  const shared = model.sharedModel;
  for (const key of Object.keys(metadataOf(model))) {
    if (!(key in after)) {
      shared.deleteMetadata(key);
    }
  }
  for (const [key, value] of Object.entries(after)) {
    shared.setMetadata(key, value);
  }
}
