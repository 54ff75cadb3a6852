/** Tell of every cell of every notebook: when it comes, and when its metadata change. */
import { Cell, ICellModel } from '@jupyterlab/cells';
import { INotebookTracker, Notebook, NotebookPanel } from '@jupyterlab/notebook';

export interface Watcher {
  /** A cell is there, or its metadata changed. */
  refresh(cell: Cell): void;
  /** Cells came into a notebook that was there: somebody made, pasted, split or moved them. */
  came(notebook: Notebook, models: ICellModel[]): void;
}

/** Watch all notebooks, those that are open and those that will be. */
export function watch(tracker: INotebookTracker, watcher: Watcher): void {
  tracker.forEach(panel => watchPanel(panel, watcher));
  tracker.widgetAdded.connect((_, panel) => watchPanel(panel, watcher));
}

function watchPanel(panel: NotebookPanel, watcher: Watcher): void {
  const notebook = panel.content;
  const known = new WeakSet<Cell>();
  const look = () => {
    for (const cell of notebook.widgets) {
      if (!known.has(cell)) {
        known.add(cell);
        cell.model.metadataChanged.connect(() => {
          if (!cell.isDisposed) {
            watcher.refresh(cell);
          }
        });
        watcher.refresh(cell);
      }
    }
  };
  const follow = () => {
    look();
    notebook.model?.cells.changed.connect((_, changes) => {
      look();
      if (panel.context.isReady && changes.type === 'add') {
        watcher.came(notebook, changes.newValues);
      }
    });
  };
  notebook.modelChanged.connect(follow);
  follow();
  // Widgets are made when the document has been read; some come later than their models.
  void panel.context.ready.then(look);
  notebook.activeCellChanged.connect(look);
}
