/** Set states of the selected cells, all of them in one step of undo. */
import { YNotebook } from '@jupyter/ydoc';
import { Notebook } from '@jupyterlab/notebook';
import { Cell } from '@jupyterlab/cells';

import { isToSet, Metadata, State, withState } from './states.js';

/** Return the selected cells of a notebook; the active cell is one of them. */
export function selectedCells(notebook: Notebook): Cell[] {
  return notebook.widgets.filter(cell => notebook.isSelectedOrActive(cell));
}

/** Set a state of the selected cells, or take it away where all have it. */
export function toggle(notebook: Notebook, state: State): void {
  const cells = selectedCells(notebook);
  const on = isToSet(state, cells.map(metadataOf));
  change(notebook, cells, metadata => withState(metadata, state, on));
}

/** Return the metadata of a cell. */
export function metadataOf(cell: Cell): Metadata {
  return cell.model.sharedModel.getMetadata() as Metadata;
}

/** Change the metadata of cells, as one step that Undo takes back. */
export function change(
  notebook: Notebook,
  cells: Cell[],
  changed: (metadata: Metadata) => Metadata
): void {
  const shared = notebook.model!.sharedModel as unknown as YNotebook;
  // Yjs takes changes that follow each other quickly as one step: this one stands by itself.
  shared.undoManager.stopCapturing();
  shared.transact(() => {
    for (const cell of cells) {
      assign(cell, changed(metadataOf(cell)));
    }
  });
  shared.undoManager.stopCapturing();
}

function assign(cell: Cell, after: Metadata): void {
  const shared = cell.model.sharedModel;
  for (const key of Object.keys(metadataOf(cell))) {
    if (!(key in after)) {
      shared.deleteMetadata(key);
    }
  }
  for (const [key, value] of Object.entries(after)) {
    shared.setMetadata(key, value);
  }
}
