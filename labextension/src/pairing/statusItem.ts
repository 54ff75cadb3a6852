/** The item of the status bar: the members of the pair, its last sync, its conflicts. */
import { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { notebookOf } from './content.js';
import { CurrentPair } from './current.js';
import { bare, split } from './forms.js';

export class StatusItem extends Widget {
  constructor(
    private readonly _current: CurrentPair,
    private readonly _trans: TranslationBundle,
    open: () => void
  ) {
    super();
    this.addClass('octavo-PairStatus');
    this._button.type = 'button';
    this._button.className = 'octavo-PairStatus-button jp-StatusBar-TextItem';
    this._button.addEventListener('click', open);
    this.node.append(this._button);
    this._current.changed.connect(this._show, this);
    this._show();
  }

  /** Whether there is something to show: a notebook, or a text with a pair. */
  get isActive(): boolean {
    const { context, info } = this._current;
    return info !== null && (info.members.length > 0 || notebookOf(context) !== undefined);
  }

  private _show(): void {
    const { info, conflicts } = this._current;
    if (!info) {
      return;
    }
    const trans = this._trans;
    const words = info.members.length
      ? [split(info.formats).map(bare).join(' + ')]
      : [trans.__('Not paired')];
    if (info.last_sync_ms !== null) {
      const time = new Date(info.last_sync_ms);
      words.push(trans.__('synced %1', time.toLocaleTimeString([], { timeStyle: 'short' })));
    }
    if (conflicts) {
      words.push(trans._n('%1 conflict', '%1 conflicts', conflicts));
    }
    this._button.textContent = words.join(' · ');
    this._button.classList.toggle('octavo-mod-conflict', conflicts > 0);
    this._button.title = [
      ...info.members.map(member =>
        member.exists ? member.path : trans.__('%1 (missing)', member.path)
      ),
      trans.__('Click to change the pair')
    ].join('\n');
  }

  private _button = document.createElement('button');
}
