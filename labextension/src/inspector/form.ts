/** The form of a cell's states in the property inspector. */
import { ICellModel } from '@jupyterlab/cells';
import { INotebookTracker, NotebookTools } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';
import { Message } from '@lumino/messaging';

import { change, metadataOf, moduleIn, selectedCells } from '../cellStates/change.js';
import { Group, GROUPS, isOn, State, statesOf, withState } from '../cellStates/states.js';

export class StatesForm extends NotebookTools.Tool {
  constructor(
    private readonly _tracker: INotebookTracker,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('octavo-StatesForm');
    for (const group of GROUPS) {
      this.node.append(group.exclusive ? this._choice(group) : this._boxes(group));
    }
  }

  protected onAfterAttach(_: Message): void {
    this._show();
  }

  protected onActiveCellChanged(_: Message): void {
    this._show();
  }

  protected onActiveCellMetadataChanged(_: Message): void {
    this._show();
  }

  /** States that exclude each other: a list to choose from. */
  private _choice(group: Group): HTMLElement {
    const row = document.createElement('div');
    const label = document.createElement('label');
    const select = document.createElement('select');
    row.className = 'octavo-StatesForm-row';
    label.textContent = this._trans.__(group.label);
    label.htmlFor = select.id = `octavo-form-${group.name}`;
    select.className = 'jp-mod-styled';
    select.dataset.octavoGroup = group.name;
    select.add(new Option(this._trans.__('—'), ''));
    for (const state of statesOf(group.name)) {
      select.add(new Option(this._trans.__(state.label), state.name));
    }
    select.addEventListener('change', () => {
      const states = statesOf(group.name);
      const chosen = states.find(state => state.name === select.value);
      this._change(chosen ? [[chosen, true]] : states.map(state => [state, false]));
    });
    row.append(label, select);
    return row;
  }

  /** States that go together: a box to tick for each. */
  private _boxes(group: Group): HTMLElement {
    const field = document.createElement('fieldset');
    const legend = document.createElement('legend');
    legend.textContent = this._trans.__(group.label);
    field.append(legend);
    for (const state of statesOf(group.name)) {
      const label = document.createElement('label');
      const box = document.createElement('input');
      box.type = 'checkbox';
      box.dataset.octavoState = state.name;
      box.addEventListener('change', () => this._change([[state, box.checked]]));
      label.append(box, this._trans.__(state.label));
      field.append(label);
    }
    return field;
  }

  private _change(changes: [State, boolean][]): void {
    const notebook = this._tracker.currentWidget?.content;
    if (notebook) {
      const module = moduleIn(notebook);
      change(notebook, selectedCells(notebook), metadata =>
        changes.reduce((left, [state, on]) => withState(left, state, on, module), metadata)
      );
    }
  }

  private _show(): void {
    const model: ICellModel | undefined = this._tracker.activeCell?.model;
    const metadata = model ? metadataOf(model) : {};
    for (const group of GROUPS) {
      for (const select of this.node.querySelectorAll<HTMLSelectElement>('select')) {
        if (select.dataset.octavoGroup === group.name) {
          select.value = statesOf(group.name).find(state => isOn(state, metadata))?.name ?? '';
        }
      }
      for (const state of statesOf(group.name)) {
        const box = this.node.querySelector<HTMLInputElement>(
          `input[data-octavo-state="${state.name}"]`
        );
        if (box) {
          box.checked = isOn(state, metadata);
        }
      }
    }
    for (const field of this.node.querySelectorAll<HTMLInputElement>('input, select')) {
      field.disabled = !model;
    }
  }
}
