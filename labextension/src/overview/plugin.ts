/** The overview of all cells, in the left side bar. */
import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { listIcon } from '@jupyterlab/ui-components';

import { Overview } from './panel.js';

const SHOW = 'octavo:show-overview';

export const overview: JupyterFrontEndPlugin<void> = {
  id: '@octavo/labextension:overview',
  description: 'Lists all cells of the notebook with their states.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    const panel = new Overview(tracker, trans);
    panel.title.icon = listIcon;
    panel.title.caption = trans.__('Cell Overview');
    panel.node.setAttribute('role', 'region');
    panel.node.setAttribute('aria-label', trans.__('Cell Overview'));
    app.shell.add(panel, 'left', { rank: 450, type: 'Cell Overview' });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(SHOW, {
      label: trans.__('Show the Cell Overview'),
      execute: () => app.shell.activateById(panel.id)
    });
    palette?.addItem({ command: SHOW, category: 'Octavo' });
  }
};
