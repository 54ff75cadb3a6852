/** Texts that are notebooks open as notebooks, other texts in the editor. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { request } from '../server.js';
import { nameClient, showMerged } from './merged.js';
import { lookAhead, lookAtAddress, nameFactory, offerNotebooks } from './opening.js';
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
    const sniffer = new Sniffer(paths =>
      request('sniff', { method: 'POST', body: JSON.stringify({ paths }) })
    );
    const isReady = Promise.all([
      readSuffixes(sniffer),
      readRule(settings, rule),
      readViewers(settings, viewers)
    ]);
    offerNotebooks(
      app.docRegistry,
      path => {
        const found = opensAsNotebook(path, sniffer.suffixes, rule, one => sniffer.isNotebook(one));
        return found === null ? null : (askedFor() ?? found);
      },
      type => viewers.has(type)
    );
    if (manager) {
      nameFactory(manager);
    }
    lookAhead(app.serviceManager.contents, sniffer, isReady);
    showMerged(app.shell, app.serviceManager.contents);
    // The page opens the document of its address when all plugins are active.
    await isReady;
    await lookAtAddress(app.serviceManager.contents, sniffer);
  }
};

/** Return what the kind of a page of Notebook 7 says: it is for notebooks, or for editing. */
function askedFor(): boolean | null {
  const pages: Record<string, boolean> = { notebooks: true, edit: false };
  return pages[PageConfig.getOption('notebookPage')] ?? null;
}

/** Ask for the suffixes of texts that can be notebooks; none where the server has no Octavo. */
async function readSuffixes(sniffer: Sniffer): Promise<void> {
  try {
    const formats = await request<Format[]>('formats');
    const suffixes = new Set(formats.flatMap(format => format.suffixes));
    sniffer.suffixes = [...suffixes].filter(suffix => suffix !== '.ipynb');
  } catch (reason) {
    console.warn('The server has no Octavo: texts open as before.', reason);
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
