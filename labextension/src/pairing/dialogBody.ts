/** The form of the pair dialog: which members, and the text of each. */
import { Dialog } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { Debouncer } from '@lumino/polling';
import { Widget } from '@lumino/widgets';

import { FormatRow, getText, PairInfo } from './api.js';
import { Choice, choices, isKnown, placeOf, split, suffixOfForm, withChoice } from './forms.js';

const QUIET_MS = 200;
const NOTEBOOK: Choice = { form: 'ipynb', summary: '', also: 'ipynb' };

export class PairForm extends Widget implements Dialog.IBodyWidget<string> {
  constructor(
    readonly info: PairInfo,
    own: string,
    private readonly _formats: FormatRow[],
    suffix: string,
    private readonly _content: unknown,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('octavo-PairForm');
    const notebook = { ...NOTEBOOK, summary: _trans.__('the notebook, with its outputs') };
    this._choices = [notebook, ...choices(_formats, suffix)];
    this._input.value = info.formats || own;
    this._build();
    this._renew();
  }

  /** Return the list of members that the user wants. */
  getValue(): string {
    return split(this._input.value).join(',');
  }

  private _build(): void {
    const trans = this._trans;
    const fields = document.createElement('fieldset');
    const legend = document.createElement('legend');
    legend.textContent = trans.__('Members of %1', this.info.path);
    fields.append(legend);
    for (const choice of this._choices) {
      const box = document.createElement('input');
      box.type = 'checkbox';
      box.dataset.octavoForm = choice.form;
      box.addEventListener('change', () => {
        this._input.value = withChoice(this._input.value, choice, box.checked);
        this._select.dataset.wanted = box.checked ? choice.form : '';
        this._renew();
      });
      this._boxes.push(box);
      const label = document.createElement('label');
      const form = document.createElement('code');
      form.textContent = choice.form;
      label.append(box, form, ` ${translated(choice.summary, trans)}`);
      fields.append(label);
    }
    this._input.type = 'text';
    this._input.className = 'octavo-PairForm-forms';
    this._input.spellcheck = false;
    this._input.placeholder = 'notebooks///ipynb,scripts///py:percent';
    this._input.addEventListener('input', () => this._renew());
    this._problem.className = 'octavo-PairForm-problem';
    this._problem.setAttribute('role', 'status');
    this._select.addEventListener('change', () => this._later());
    this._text.className = 'octavo-PairForm-text';
    this._text.tabIndex = 0;
    this._text.setAttribute('role', 'region');
    this._text.setAttribute('aria-label', trans.__('Preview of the text'));
    const left = document.createElement('div');
    const hint = document.createElement('p');
    hint.textContent = trans.__('Folders are possible: %1', this._input.placeholder);
    left.append(labelled(trans.__('Formats'), this._input), hint, this._problem, fields);
    const right = document.createElement('div');
    right.append(labelled(trans.__('Preview of'), this._select), this._text);
    this.node.append(left, right);
  }

  /** Follow the list of members. */
  private _renew(): void {
    this._choices.forEach((choice, n) => {
      this._boxes[n].checked = placeOf(this._input.value, choice) >= 0;
    });
    const forms = split(this._input.value);
    const unknown = forms.filter(form => !isKnown(form, this._formats));
    this._problem.textContent = unknown.length
      ? this._trans.__('No format is called so: %1', unknown.join(', '))
      : '';
    const texts = forms.filter(
      form => suffixOfForm(form) !== '.ipynb' && !unknown.includes(form)
    );
    const before = this._select.dataset.wanted || this._select.value;
    this._select.replaceChildren(...texts.map(form => new Option(form, form)));
    if (texts.includes(before)) {
      this._select.value = before;
    }
    this._select.dataset.wanted = '';
    this._select.disabled = !texts.length;
    this._later();
  }

  private _later(): void {
    void this._soon.invoke().catch(() => undefined);
  }

  private async _preview(): Promise<void> {
    const form = this._select.value;
    let text = '';
    let problem = '';
    if (form) {
      try {
        text = (await getText(this._content, form, this.info.path)).text;
      } catch (error) {
        problem = told(error);
      }
    }
    if (!this.isDisposed && form === this._select.value) {
      this._text.textContent = text;
      this._problem.textContent ||= problem;
    }
  }

  private _choices: Choice[];
  private _boxes: HTMLInputElement[] = [];
  private _input = document.createElement('input');
  private _problem = document.createElement('p');
  private _select = document.createElement('select');
  private _text = document.createElement('pre');
  private _soon = new Debouncer(() => this._preview(), QUIET_MS);
}

/** Return what an error of the server says, with what to do. */
export function told(error: unknown): string {
  const { message, hint } = error as { message: string; hint?: string };
  return hint ? `${message} (${hint})` : message;
}

/** Return what the server calls something in the language of the page; "%" is only itself in it. */
export function translated(text: string, trans: TranslationBundle): string {
  return trans.__(text.replaceAll('%', '%%'));
}

/** Return a label with its field. */
export function labelled(name: string, field: HTMLElement): HTMLElement {
  const label = document.createElement('label');
  label.className = 'octavo-Field';
  const word = document.createElement('span');
  word.textContent = name;
  label.append(word, field);
  return label;
}
