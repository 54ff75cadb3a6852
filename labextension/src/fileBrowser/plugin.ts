/** Pairs in the file browser: badges, and a filter that hides twins. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { FileBrowser, IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Debouncer } from '@lumino/polling';

import { folderOf, folderPairs } from '../pairing/folderPairs.js';
import { pairIcon } from '../pairing/icons.js';
import { showPairs } from './badges.js';
import { leaveOut } from './filter.js';

const ID = '@octavo/labextension:file-browser';
const TOGGLE = 'octavo:toggle-twins';
const QUIET_MS = 200;

export const fileBrowser: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Shows pairs in the file browser, and hides twins on request.',
  autoStart: true,
  requires: [IFileBrowserFactory],
  optional: [ITranslator, ICommandPalette, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    { tracker }: IFileBrowserFactory,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    let isHiding = false;
    let settings: ISettingRegistry.ISettings | null = null;
    const browsers = () => {
      const found: FileBrowser[] = [];
      tracker.forEach(browser => found.push(browser));
      return found;
    };
    const refresh = (folder?: string) => {
      for (const browser of browsers()) {
        if (folder === undefined || browser.model.path === folder) {
          void browser.model.refresh();
        }
      }
    };
    const hide = (on: boolean) => {
      if (on !== isHiding) {
        isHiding = on;
        refresh();
        app.commands.notifyCommandChanged(TOGGLE);
      }
    };
    showPairs(folderPairs, trans);
    const watch = (browser: FileBrowser) => {
      const { model } = browser;
      leaveOut(browser, path => isHiding && folderPairs.isTwin(path));
      const look = () => void folderPairs.look(model.path);
      model.pathChanged.connect(look);
      model.refreshed.connect(look);
      look();
    };
    browsers().forEach(watch);
    tracker.widgetAdded.connect((_, browser) => watch(browser));
    folderPairs.changed.connect((_, folder) => refresh(folder));
    const soon = new Map<string, Debouncer>();
    app.serviceManager.contents.fileChanged.connect((_, { oldValue, newValue }) => {
      for (const path of [oldValue?.path, newValue?.path]) {
        if (path !== undefined) {
          const folder = folderOf(path);
          const later = soon.get(folder) ?? new Debouncer(() => folderPairs.look(folder), QUIET_MS);
          soon.set(folder, later);
          void later.invoke().catch(() => undefined);
        }
      }
    });
    app.commands.addCommand(TOGGLE, {
      label: trans.__('Hide Twins of Pairs'),
      caption: trans.__('Show one file for each pair in the file browser'),
      icon: pairIcon,
      isToggleable: true,
      isToggled: () => isHiding,
      execute: async () => {
        hide(!isHiding);
        await settings?.set('hideTwins', isHiding);
      }
    });
    palette?.addItem({ command: TOGGLE, category: 'Octavo' });
    void registry?.load(ID).then(loaded => {
      settings = loaded;
      const apply = () => hide(loaded.get('hideTwins').composite === true);
      loaded.changed.connect(apply);
      apply();
    });
  }
};
