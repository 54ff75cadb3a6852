/** New text notebooks: one card, and a picker of format and kernel. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ICommandPalette, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { getFormats } from '../pairing/api.js';
import { told } from '../pairing/dialogBody.js';
import { textNotebookIcon, textNotebookPicture } from '../pairing/icons.js';
import { createText } from './create.js';
import { Picker } from './picker.js';

const NEW = 'octavo:new-text-notebook';

export const launcher: JupyterFrontEndPlugin<void> = {
  id: '@octavo/labextension:launcher',
  description: 'Makes new text notebooks.',
  autoStart: true,
  requires: [IDocumentManager],
  optional: [ITranslator, ICommandPalette, ILauncher, IDefaultFileBrowser],
  activate: (
    app: JupyterFrontEnd,
    manager: IDocumentManager,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    cards: ILauncher | null,
    browser: IDefaultFileBrowser | null
  ) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    app.commands.addCommand(NEW, {
      label: args => (args.isPalette ? trans.__('New Text Notebook') : trans.__('Text Notebook')),
      caption: trans.__('Make a notebook that is kept as text'),
      icon: args => (args.isPalette ? undefined : textNotebookIcon),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            cwd: { type: 'string' },
            format: { type: 'string' },
            kernel: { type: 'string' },
            isPalette: { type: 'boolean' }
          }
        }
      },
      execute: async args => {
        try {
          await app.serviceManager.kernelspecs.ready;
          const specs = app.serviceManager.kernelspecs.specs;
          let format = args.format as string | undefined;
          let kernel = args.kernel as string | undefined;
          if (format === undefined) {
            const picker = new Picker(await getFormats(), specs, trans);
            const { button, value } = await showDialog({
              title: trans.__('New Text Notebook'),
              body: picker,
              buttons: [
                Dialog.cancelButton({ label: trans.__('Cancel') }),
                Dialog.okButton({ label: trans.__('Create') })
              ],
              focusNodeSelector: '.octavo-Picker select'
            });
            if (!button.accept || !value) {
              return undefined;
            }
            ({ format, kernel } = value);
          }
          const folder = (args.cwd as string | undefined) ?? browser?.model.path ?? '';
          const spec = kernel ? specs?.kernelspecs[kernel] : undefined;
          const path = await createText(app.serviceManager.contents, folder, format, spec);
          return manager.openOrReveal(path, 'Notebook', spec ? { name: spec.name } : undefined);
        } catch (error) {
          await showErrorMessage(trans.__('There is no new notebook'), told(error));
          return undefined;
        }
      }
    });
    // JupyterLab shows a letter on the cards of this category, unless there is a picture.
    const kernelIconUrl = `data:image/svg+xml,${encodeURIComponent(textNotebookPicture)}`;
    cards?.add({ command: NEW, category: trans.__('Notebook'), rank: 100, kernelIconUrl });
    palette?.addItem({ command: NEW, args: { isPalette: true }, category: 'Octavo' });
  }
};
