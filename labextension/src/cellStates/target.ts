/** The cell that a context menu is opened on is the one that its commands change. */
import { INotebookTracker, Notebook } from '@jupyterlab/notebook';

/** Make the cell below the pointer the active one when its menu opens, in all notebooks. */
export function followContextMenu(tracker: INotebookTracker): void {
  const listen = (notebook: Notebook) =>
    notebook.node.addEventListener('contextmenu', event => activate(notebook, event.target), true);
  tracker.forEach(panel => listen(panel.content));
  tracker.widgetAdded.connect((_, panel) => listen(panel.content));
}

function activate(notebook: Notebook, target: EventTarget | null): void {
  const index = notebook.widgets.findIndex(cell => cell.node.contains(target as Node));
  if (index >= 0 && !notebook.isSelectedOrActive(notebook.widgets[index])) {
    notebook.deselectAll();
    notebook.activeCellIndex = index;
  }
}
