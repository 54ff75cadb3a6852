/** The text form of the open notebook, side by side with it. */
import { ILabShell, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { previewIcon } from '../pairing/icons.js';
import { PreviewPanel } from './panel.js';

const TOGGLE = 'octavo:toggle-preview';

export const preview: JupyterFrontEndPlugin<void> = {
  id: '@octavo/labextension:preview',
  description: 'Shows the text of the open notebook beside it, while somebody types.',
  autoStart: true,
  requires: [INotebookTracker, IEditorServices],
  optional: [ITranslator, ICommandPalette, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    services: IEditorServices,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    labShell: ILabShell | null
  ) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    let panel: PreviewPanel | null = null;
    const isShown = () => panel !== null && !panel.isDisposed && panel.isVisible;
    const open = () => {
      panel = new PreviewPanel(tracker, services, trans);
      panel.title.icon = previewIcon;
      panel.title.closable = true;
      panel.disposed.connect(() => app.commands.notifyCommandChanged(TOGGLE));
      const ref = tracker.currentWidget?.id;
      if (labShell) {
        app.shell.add(panel, 'main', { mode: 'split-right', ref, activate: false });
      } else {
        app.shell.add(panel, 'right');
        app.shell.activateById(panel.id);
      }
    };
    app.commands.addCommand(TOGGLE, {
      label: trans.__('Live Preview of the Text'),
      caption: trans.__('Show the text form of the notebook beside it'),
      icon: previewIcon,
      isToggleable: true,
      isToggled: isShown,
      isEnabled: () => tracker.currentWidget !== null || isShown(),
      execute: () => {
        if (isShown()) {
          panel?.dispose();
        } else {
          panel?.dispose();
          open();
        }
        app.commands.notifyCommandChanged(TOGGLE);
      }
    });
    palette?.addItem({ command: TOGGLE, category: 'Octavo' });
  }
};
