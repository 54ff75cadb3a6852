/** Pairs: an item in the status bar, a dialog, commands; twins open as the one document. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';

import { PairActions } from './actions.js';
import { getFormats } from './api.js';
import { CurrentPair } from './current.js';
import { StatusItem } from './statusItem.js';
import { openPrimaries } from './twins.js';

const PAIR = 'octavo:pair';
const PAIR_WITH = 'octavo:pair-with';
const SYNC = 'octavo:sync';
const UNPAIR = 'octavo:unpair';
const CATEGORY = 'Octavo';

export const pairing: JupyterFrontEndPlugin<void> = {
  id: '@octavo/labextension:pairing',
  description: 'Pairs documents, shows their pairs, and opens twins as one document.',
  autoStart: true,
  requires: [IDocumentManager],
  optional: [ITranslator, ICommandPalette, IStatusBar, IFileBrowserFactory],
  activate: (
    app: JupyterFrontEnd,
    manager: IDocumentManager,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    statusBar: IStatusBar | null,
    browsers: IFileBrowserFactory | null
  ) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    const current = new CurrentPair(app, manager);
    const actions = new PairActions(app, manager, trans, () => current.refresh());
    const pathFor = (args: { [key: string]: unknown }) => {
      if (args.from === 'browser') {
        const [item] = browsers?.tracker.currentWidget?.selectedItems() ?? [];
        return item?.path;
      }
      return (args.path as string | undefined) ?? current.context?.path;
    };
    addCommands(app, actions, current, pathFor, trans);
    for (const command of [PAIR, SYNC, UNPAIR]) {
      palette?.addItem({ command, category: CATEGORY });
    }
    if (palette) {
      void addFormats(palette);
    }
    if (statusBar) {
      const item = new StatusItem(current, trans, () => void app.commands.execute(PAIR));
      statusBar.registerStatusItem('@octavo/labextension:pair', {
        item,
        align: 'left',
        rank: 20,
        isActive: () => item.isActive,
        activeStateChanged: current.changed
      });
    }
    openPrimaries(manager);
  }
};

function addCommands(
  app: JupyterFrontEnd,
  actions: PairActions,
  current: CurrentPair,
  pathFor: (args: { [key: string]: unknown }) => string | undefined,
  trans: TranslationBundle
): void {
  const describedBy = {
    args: {
      type: 'object',
      properties: {
        path: { type: 'string' },
        formats: { type: 'string' },
        format: { type: 'string' },
        from: { type: 'string', enum: ['browser'] }
      }
    }
  };
  const isPaired = (args: { [key: string]: unknown }) =>
    args.from === 'browser' || args.path !== undefined || !!current.info?.members.length;
  const add = (
    id: string,
    label: string,
    isEnabled: (args: { [key: string]: unknown }) => boolean,
    act: (path: string, args: { [key: string]: unknown }) => Promise<unknown>
  ) =>
    app.commands.addCommand(id, {
      label: args => (args.format ? trans.__('Pair with %1', String(args.format)) : label),
      isEnabled,
      describedBy,
      execute: async args => {
        const path = pathFor(args);
        if (path) {
          await act(path, args);
        }
      }
    });
  add(PAIR, trans.__('Pair Document…'), args => pathFor(args) !== undefined, (path, args) =>
    args.formats ? actions.pair(path, String(args.formats)) : actions.ask(path)
  );
  add(PAIR_WITH, trans.__('Pair with a Format'), args => pathFor(args) !== undefined, (path, args) =>
    actions.pairWith(path, String(args.format))
  );
  add(SYNC, trans.__('Sync Pair Now'), isPaired, path => actions.sync(path));
  add(UNPAIR, trans.__('Unpair Document'), isPaired, path => actions.unpair(path));
}

/** Put a command for each format into the palette. */
async function addFormats(palette: ICommandPalette): Promise<void> {
  try {
    for (const { name } of await getFormats()) {
      palette.addItem({ command: PAIR_WITH, args: { format: name }, category: CATEGORY });
    }
  } catch {
    // A server without Octavo's part: the commands would not work.
  }
}
