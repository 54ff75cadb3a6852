/** The states of the active cell as a form in the property inspector. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTools, INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { StatesForm } from './form.js';

const SECTION = 'octavo';

export const inspector: JupyterFrontEndPlugin<void> = {
  id: '@octavo/labextension:inspector',
  description: 'Shows the states of the active cell in the property inspector.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [INotebookTools, ITranslator],
  activate: (
    _: JupyterFrontEnd,
    tracker: INotebookTracker,
    tools: INotebookTools | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    tools?.addSection({ sectionName: SECTION, label: trans.__('Cell States'), rank: 2 });
    tools?.addItem({ tool: new StatesForm(tracker, trans), section: SECTION, rank: 1 });
  }
};
