/** Choose the format and the kernel of a new text notebook. */
import { Dialog } from '@jupyterlab/apputils';
import { KernelSpec } from '@jupyterlab/services';
import { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { FormatRow } from '../pairing/api.js';
import { scriptSuffix } from '../pairing/content.js';
import { labelled, translated } from '../pairing/dialogBody.js';
import { choices } from '../pairing/forms.js';
import { emptyNotebook } from './create.js';

export interface Picked {
  format: string;
  kernel: string;
}

const LAST: Picked = { format: '', kernel: '' }; // what was picked before, while the page lives

export class Picker extends Widget implements Dialog.IBodyWidget<Picked> {
  constructor(
    private readonly _formats: FormatRow[],
    private readonly _specs: KernelSpec.ISpecModels | null,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('octavo-Picker');
    for (const spec of Object.values(_specs?.kernelspecs ?? {})) {
      if (spec) {
        this._kernel.append(new Option(spec.display_name, spec.name));
      }
    }
    this._kernel.append(new Option(_trans.__('No kernel'), ''));
    const first = LAST.kernel || _specs?.default || '';
    if (_specs?.kernelspecs[first]) {
      this._kernel.value = first;
    }
    this._kernel.addEventListener('change', () => void this._fill());
    this.node.append(
      labelled(_trans.__('Format'), this._format),
      labelled(_trans.__('Kernel'), this._kernel)
    );
    this._show('.py');
    void this._fill();
  }

  getValue(): Picked {
    LAST.format = this._format.value;
    LAST.kernel = this._kernel.value;
    return { ...LAST };
  }

  /** Offer the formats for the language of the kernel. */
  private async _fill(): Promise<void> {
    const name = this._kernel.value;
    const suffix = await scriptSuffix(emptyNotebook(this._specs?.kernelspecs[name]));
    if (!this.isDisposed && name === this._kernel.value) {
      this._show(suffix);
    }
  }

  private _show(suffix: string): void {
    const before = this._format.value || LAST.format;
    const rows = choices(this._formats, suffix);
    this._format.replaceChildren(
      ...rows.map(({ form, summary }) => new Option(`${form} – ${translated(summary, this._trans)}`, form))
    );
    const kept = rows.find(({ form }) => form === before) ?? rows.find(({ form }) => form === 'md');
    this._format.value = (kept ?? rows[0]).form;
  }

  private _format = document.createElement('select');
  private _kernel = document.createElement('select');
}
