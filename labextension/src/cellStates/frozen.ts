/** Frozen and inactive cells: no route in the page executes them; frozen ones nobody edits. */
import { Cell, CodeCell } from '@jupyterlab/cells';
import { INotebookCellExecutor } from '@jupyterlab/notebook';

import { metadataOf } from './change.js';
import { isSkipped, isLocked } from './states.js';

type Run = typeof CodeCell.execute;

/** Keep such cells from the kernel; every route of the page ends in this one function. */
export function guardExecution(): void {
  const namespace = CodeCell as { execute: Run };
  const execute = namespace.execute;
  namespace.execute = async (cell, sessionContext, metadata) =>
    isSkipped(metadataOf(cell.model)) ? undefined : execute(cell, sessionContext, metadata);
}

/** The same where the server runs the cells: an executor that does not use CodeCell.execute. */
export function guardExecutor(executor: INotebookCellExecutor): void {
  if (Object.isFrozen(executor)) {
    return; // the executor of JupyterLab itself, which calls CodeCell.execute
  }
  const runCell = executor.runCell.bind(executor);
  executor.runCell = async options => {
    const { model } = options.cell;
    return model.type === 'code' && isSkipped(metadataOf(model)) ? true : runCell(options);
  };
}

const locked = new WeakSet<Cell>();

/** Lock the editor of a frozen cell; unlock it as its own metadata say when it is frozen no more. */
export function lock(cell: Cell): void {
  if (isLocked(metadataOf(cell.model))) {
    locked.add(cell);
    cell.syncEditable = false; // or JupyterLab writes `editable` into the file
    cell.readOnly = true;
  } else if (locked.delete(cell)) {
    cell.syncEditable = true; // reads `editable` again
  }
}
