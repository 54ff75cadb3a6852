/** Conflicts that a merge left in a notebook: both sides are shown, one step resolves them. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, Notebook, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { Debouncer } from '@lumino/polling';

import { keptLabels, showConflicts } from './bars.js';
import { following, Group, Kept, nearest } from './groups.js';
import { conflictsIn, resolve } from './shared.js';

const RESOLVE = 'octavo:resolve-conflict';
const RESOLVE_ALL = 'octavo:resolve-all-conflicts';
const NEXT = 'octavo:next-conflict';
const PREVIOUS = 'octavo:previous-conflict';
const CATEGORY = 'Octavo';
const QUIET_MS = 100;

export const conflicts: JupyterFrontEndPlugin<void> = {
  id: '@octavo/labextension:conflicts',
  description: 'Shows conflicts of merges in notebooks, and resolves them.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    tracker.forEach(panel => follow(panel, trans));
    tracker.widgetAdded.connect((_, panel) => follow(panel, trans));
    addCommands(app, tracker, trans);
    for (const command of [NEXT, PREVIOUS]) {
      palette?.addItem({ command, category: CATEGORY });
    }
    for (const command of [RESOLVE, RESOLVE_ALL]) {
      for (const [side] of keptLabels(trans)) {
        palette?.addItem({ command, args: { side }, category: CATEGORY });
      }
    }
  }
};

function follow(panel: NotebookPanel, trans: TranslationBundle): void {
  const notebook = panel.content;
  const choose = (group: Group, kept: Kept) => settle(notebook, [group], kept);
  const show = () => !notebook.isDisposed && showConflicts(notebook, trans, choose);
  const soon = new Debouncer(show, QUIET_MS);
  const later = () => void soon.invoke().catch(() => undefined);
  const connect = () => {
    notebook.model?.contentChanged.connect(later);
    later();
  };
  notebook.modelChanged.connect(connect);
  connect();
  void panel.context.ready.then(later);
  notebook.activeCellChanged.connect(later); // cells that were drawn only now
  panel.disposed.connect(() => soon.dispose());
}

/** Resolve conflicts, and stay where they were. */
function settle(notebook: Notebook, groups: Group[], kept: Kept): void {
  if (!notebook.model || !groups.length) {
    return;
  }
  const start = groups[0].start;
  resolve(notebook.model, groups, kept);
  notebook.deselectAll();
  notebook.activeCellIndex = Math.min(start, notebook.widgets.length - 1);
  notebook.mode = 'command';
  notebook.activate();
}

function addCommands(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  trans: TranslationBundle
): void {
  const { commands } = app;
  const found = () => {
    const model = tracker.currentWidget?.content.model;
    return model ? conflictsIn(model) : [];
  };
  const isEnabled = () => found().length > 0;
  const labels = new Map(keptLabels(trans));
  const describedBy = {
    args: {
      type: 'object',
      properties: { side: { type: 'string', enum: [...labels.keys()] } },
      required: ['side']
    }
  };
  commands.addCommand(RESOLVE, {
    label: args => trans.__('Conflict: %1', labels.get(args.side as Kept) ?? ''),
    isEnabled,
    describedBy,
    execute: args => {
      const notebook = tracker.currentWidget?.content;
      const groups = found();
      const at = notebook ? nearest(groups, notebook.activeCellIndex) : -1;
      if (notebook && at >= 0 && labels.has(args.side as Kept)) {
        settle(notebook, [groups[at]], args.side as Kept);
      }
    }
  });
  commands.addCommand(RESOLVE_ALL, {
    label: args => trans.__('All Conflicts: %1', labels.get(args.side as Kept) ?? ''),
    isEnabled,
    describedBy,
    execute: args => {
      const notebook = tracker.currentWidget?.content;
      if (notebook && labels.has(args.side as Kept)) {
        settle(notebook, found(), args.side as Kept);
      }
    }
  });
  const go = async (step: 1 | -1) => {
    const notebook = tracker.currentWidget?.content;
    const groups = found();
    const at = notebook ? following(groups, notebook.activeCellIndex, step) : -1;
    if (notebook && at >= 0) {
      notebook.deselectAll();
      notebook.activeCellIndex = groups[at].start;
      // Rejected where another scroll begins before this one has come to its end.
      await notebook.scrollToItem(groups[at].start, 'center').catch(() => undefined);
    }
  };
  commands.addCommand(NEXT, {
    label: trans.__('Show Next Conflict'),
    isEnabled,
    execute: () => go(1)
  });
  commands.addCommand(PREVIOUS, {
    label: trans.__('Show Previous Conflict'),
    isEnabled,
    execute: () => go(-1)
  });
}
