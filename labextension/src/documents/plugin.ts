/** Texts that are notebooks open as notebooks, other texts in the editor. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { request } from '../server.js';
import { nameClient, showMerged } from './merged.js';
import { lookAhead, nameFactory, offerNotebooks } from './opening.js';
import { Mode, opensAsNotebook, Rule } from './rule.js';
import { Sniffer } from './sniffer.js';

const ID = '@octavo/labextension:documents';
const VIEWERS = '@jupyterlab/docmanager-extension:plugin';

interface Format {
  name: string;
  suffixes: string[];
}

export const documents: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Opens texts as what they are: notebooks, or plain files.',
  autoStart: true,
  requires: [INotebookTracker], // with it, the factory of notebooks is there
  optional: [IDocumentManager, ISettingRegistry],
  activate: async (
    app: JupyterFrontEnd,
    _: INotebookTracker,
    manager: IDocumentManager | null,
    settings: ISettingRegistry | null
  ) => {
    nameClient(app.serviceManager.serverSettings);
    const rule: Rule = { enabled: true, openAs: {} };
    const viewers = new Set<string>();
    const sniffer = new Sniffer(await suffixes(), paths =>
      request('sniff', { method: 'POST', body: JSON.stringify({ paths }) })
    );
    await Promise.all([readRule(settings, rule), readViewers(settings, viewers)]);
    offerNotebooks(
      app.docRegistry,
      path => opensAsNotebook(path, sniffer.suffixes, rule, found => sniffer.isNotebook(found)),
      type => viewers.has(type)
    );
    if (manager) {
      nameFactory(manager);
    }
    lookAhead(app.serviceManager.contents, sniffer);
    showMerged(app.shell, app.serviceManager.contents);
  }
};

/** Return the suffixes of texts that can be notebooks; none where the server has no Octavo. */
async function suffixes(): Promise<string[]> {
  try {
    const formats = await request<Format[]>('formats');
    return [...new Set(formats.flatMap(format => format.suffixes))].filter(
      suffix => suffix !== '.ipynb'
    );
  } catch (reason) {
    console.warn('The server has no Octavo: texts open as before.', reason);
    return [];
  }
}

async function readRule(settings: ISettingRegistry | null, rule: Rule): Promise<void> {
  const loaded = await settings?.load(ID).catch(() => undefined);
  const read = () => {
    rule.enabled = loaded?.get('enabled').composite !== false;
    rule.openAs = (loaded?.get('openAs').composite ?? {}) as Record<string, Mode>;
  };
  loaded?.changed.connect(read);
  read();
}

/** Keep the types of files for which the user chose a viewer. */
async function readViewers(
  settings: ISettingRegistry | null,
  viewers: Set<string>
): Promise<void> {
  const loaded = await settings?.load(VIEWERS).catch(() => undefined);
  const read = () => {
    viewers.clear();
    Object.keys(loaded?.get('defaultViewers').composite ?? {}).forEach(type => viewers.add(type));
  };
  loaded?.changed.connect(read);
  read();
}
