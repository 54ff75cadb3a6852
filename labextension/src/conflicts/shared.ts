/** The conflicts in an open notebook, and their resolution as one step of undo. */
import { YNotebook } from '@jupyter/ydoc';
import { INotebookModel } from '@jupyterlab/notebook';

import { Group, groupsOf, Kept, Mark, markOf, stays } from './groups.js';

const KEY = 'conflict';

/** Return the mark of each cell. */
export function marksIn(model: INotebookModel): (Mark | null)[] {
  const { cells } = model.sharedModel as unknown as YNotebook;
  return cells.map(cell => markOf(cell.getMetadata(KEY)));
}

/** Return the conflicts of a notebook. */
export function conflictsIn(model: INotebookModel): Group[] {
  return groupsOf(marksIn(model));
}

/** Resolve conflicts: what is kept loses its mark, the rest and the notes go. */
export function resolve(model: INotebookModel, groups: Group[], kept: Kept): void {
  const shared = model.sharedModel as unknown as YNotebook;
  const marks = marksIn(model);
  // Yjs takes changes that follow each other quickly as one step: this one stands by itself.
  shared.undoManager.stopCapturing();
  shared.transact(() => {
    for (const { start, end } of [...groups].reverse()) {
      for (let index = end - 1; index >= start; index--) {
        const mark = marks[index];
        if (mark && stays(mark, kept)) {
          shared.getCell(index).deleteMetadata(KEY);
        } else if (mark) {
          shared.deleteCell(index);
        }
      }
    }
  });
  shared.undoManager.stopCapturing();
}
