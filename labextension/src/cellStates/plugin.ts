/** The states of cells: commands that set them, badges that show them, rules that hold. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ICellModel } from '@jupyterlab/cells';
import { INotebookCellExecutor, INotebookTracker, Notebook } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { cellStateIcon } from '../icons.js';
import { showBadges } from './badges.js';
import { assign, change, metadataOf, selectedCells, toggle } from './change.js';
import { guardExecution, guardExecutor, lock } from './frozen.js';
import { CLEAR, MENU, openMenu, statesMenu, TOGGLE } from './menu.js';
import { cleared, isToSet, STATES, stateOf } from './states.js';
import { followContextMenu } from './target.js';
import { renamed } from './unique.js';
import { watch } from './watch.js';

const ID = '@octavo/labextension:cell-states';

export const cellStates: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Sets and shows the states of cells, and keeps frozen cells from running.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ICommandPalette, ISettingRegistry, INotebookCellExecutor],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    settings: ISettingRegistry | null,
    executor: INotebookCellExecutor | null
  ) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    addCommands(app, tracker, trans);
    for (const state of STATES) {
      palette?.addItem({ command: TOGGLE, args: { state: state.name }, category: 'Octavo' });
    }
    palette?.addItem({ command: MENU, category: 'Octavo' });
    palette?.addItem({ command: CLEAR, category: 'Octavo' });
    followContextMenu(tracker);
    guardExecution();
    if (executor) {
      guardExecutor(executor);
    }
    watch(tracker, {
      refresh: cell => {
        lock(cell);
        showBadges(cell, trans);
      },
      came: renameCopies
    });
    void settings?.load(ID).then(loaded => {
      const show = () =>
        document.body.classList.toggle(
          'octavo-mod-noBadges',
          loaded.get('showBadges').composite === false
        );
      loaded.changed.connect(show);
      show();
    });
  }
};

function addCommands(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  trans: TranslationBundle
): void {
  const { commands } = app;
  const isEnabled = () => tracker.activeCell !== null;
  const cells = () => {
    const notebook = tracker.currentWidget?.content;
    return notebook ? selectedCells(notebook) : [];
  };
  commands.addCommand(TOGGLE, {
    label: args => {
      const state = stateOf(args.state);
      return state ? trans.__(state.label) : trans.__('Change a State of the Cells');
    },
    isToggleable: true,
    className: firstOfGroup,
    isToggled: args => {
      const state = stateOf(args.state);
      const selected = cells();
      return (
        state !== undefined &&
        selected.length > 0 &&
        !isToSet(state, selected.map(cell => metadataOf(cell.model)))
      );
    },
    isEnabled,
    describedBy: {
      args: {
        type: 'object',
        properties: { state: { type: 'string', enum: STATES.map(state => state.name) } },
        required: ['state']
      }
    },
    execute: args => {
      const state = stateOf(args.state);
      const notebook = tracker.currentWidget?.content;
      if (state && notebook) {
        toggle(notebook, state);
      }
    }
  });
  commands.addCommand(CLEAR, {
    label: trans.__('No State'),
    caption: trans.__('Take all states from the selected cells'),
    className: firstOfGroup,
    isEnabled,
    execute: () => {
      const notebook = tracker.currentWidget?.content;
      if (notebook) {
        change(notebook, selectedCells(notebook), cleared);
      }
    }
  });
  const menu = statesMenu(commands, trans.__('Cell State'));
  commands.addCommand(MENU, {
    label: trans.__('Cell State…'),
    caption: trans.__('Change the states of the selected cells'),
    icon: cellStateIcon,
    isEnabled,
    execute: () => {
      const cell = tracker.activeCell;
      if (cell) {
        openMenu(menu, cell.node);
      }
    }
  });
}

function firstOfGroup(args: ReadonlyPartialJSONObject): string {
  return args.isFirst ? 'octavo-mod-first' : '';
}

/** Give cells that were pasted, split or duplicated names of their own. */
function renameCopies(notebook: Notebook, models: ICellModel[]): void {
  const all = Array.from(notebook.model?.cells ?? []);
  const isNew = new Set(models);
  const changed = renamed(all.map(metadataOf), index => isNew.has(all[index]));
  if (changed.some(Boolean)) {
    // The change that brought the cells goes on until the next step.
    queueMicrotask(() => {
      notebook.model?.sharedModel.transact(() => {
        changed.forEach((metadata, index) => metadata && assign(all[index], metadata));
      }, false);
    });
  }
}
