/** What can be done with a pair: each saves the open document first, and shows what came of it. */
import { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { TranslationBundle } from '@jupyterlab/translation';

import { endPair, formOf, getFormats, getPair, putPair, syncPair } from './api.js';
import { contentAt, scriptSuffix } from './content.js';
import { PairForm, told } from './dialogBody.js';
import { around, contextAt } from './documents.js';
import { folderOf, folderPairs } from './folderPairs.js';
import { choices, placeOf, withChoice } from './forms.js';

export class PairActions {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _manager: IDocumentManager,
    private readonly _trans: TranslationBundle,
    private readonly _done: () => void
  ) {}

  /** Let the user say what the members are. */
  async ask(path: string): Promise<void> {
    const form = await this._tell(() => this._form(path));
    if (!form) {
      return;
    }
    const trans = this._trans;
    const isPaired = form.info.members.length > 0;
    const buttons = [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      ...(isPaired
        ? [
            Dialog.warnButton({ label: trans.__('Unpair'), actions: ['unpair'] }),
            Dialog.createButton({ label: trans.__('Sync Now'), actions: ['sync'] })
          ]
        : []),
      Dialog.okButton({ label: trans.__('Pair'), actions: ['pair'] })
    ];
    const title = trans.__('Pair a Document');
    const { button, value } = await showDialog({
      title,
      body: form,
      buttons,
      defaultButton: buttons.length - 1,
      focusNodeSelector: '.octavo-PairForm-forms'
    });
    const [action] = button.actions;
    if (action === 'pair') {
      await this.pair(path, value ?? '');
    } else if (action === 'sync') {
      await this.sync(path);
    } else if (action === 'unpair') {
      await this.unpair(path);
    }
  }

  /** Make these forms the members of a document. */
  pair(path: string, forms: string): Promise<unknown> {
    return this._change(path, () => putPair(path, forms));
  }

  /** Add one format to the members of a document. */
  async pairWith(path: string, name: string): Promise<void> {
    const found = await this._tell(async () => {
      const { own, rows, info } = await this._facts(path);
      const end = `:${name}`;
      const choice = rows.find(({ form, also }) => form.endsWith(end) || also.endsWith(end));
      return choice ? withChoice(info.formats || own, choice, true) : '';
    });
    if (found) {
      await this.pair(path, found);
    }
  }

  /** Sync the members of a pair. */
  sync(path: string): Promise<unknown> {
    return this._change(path, () => syncPair(path));
  }

  /** End a pair; its files stay. */
  unpair(path: string): Promise<unknown> {
    return this._change(path, () => endPair(path));
  }

  private async _form(path: string): Promise<PairForm> {
    const { info, own, formats, suffix, content } = await this._facts(path);
    return new PairForm(info, own, formats, suffix, content, this._trans);
  }

  private async _facts(path: string) {
    const contents = this._app.serviceManager.contents;
    const context = contextAt(path, this._app, this._manager);
    const [info, formats, content, found] = await Promise.all([
      getPair(path),
      getFormats(),
      contentAt(path, context, contents),
      formOf(path)
    ]);
    const suffix = await scriptSuffix(content);
    const rows = choices(formats, suffix);
    const known = rows.find(choice => placeOf(found, choice) === 0)?.form;
    const own = known ?? (found || path.slice(path.lastIndexOf('.') + 1));
    return { info, content, formats, suffix, rows, own };
  }

  private _change<T>(path: string, action: () => Promise<T>): Promise<T | undefined> {
    return this._tell(async () => {
      const context = contextAt(path, this._app, this._manager);
      const result = await around(context, action);
      void folderPairs.look(folderOf(path));
      this._done();
      return result;
    });
  }

  private async _tell<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      await showErrorMessage(this._trans.__('The pair is as it was'), told(error));
      return undefined;
    }
  }
}
