/** The states of cells: commands that set them. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { toggle } from './change.js';
import { stateOf } from './states.js';

const TOGGLE = 'octavo:toggle-cell-state';

export const cellStates: JupyterFrontEndPlugin<void> = {
  id: '@octavo/labextension:cell-states',
  description: 'Sets and shows the states of cells.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    app.commands.addCommand(TOGGLE, {
      label: args => trans.__(stateOf(String(args.state))?.label ?? 'Change the state of cells'),
      isEnabled: () => tracker.activeCell !== null,
      execute: args => {
        const state = stateOf(String(args.state));
        const panel = tracker.currentWidget;
        if (state && panel) {
          toggle(panel.content, state);
        }
      }
    });
  }
};
