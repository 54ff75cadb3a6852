/** All cells of the notebook in one list: it draws the rows that are seen, and no others. */
import { ICellModel } from '@jupyterlab/cells';
import { INotebookTracker, Notebook, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';
import { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { metadataOf } from '../cellStates/change.js';
import { STATES, statesIn } from '../cellStates/states.js';
import { rowAfter, scrolledTo, visibleRows } from './rows.js';

const ROW_HEIGHT = 28; // pixels; the style sheet says the same
const ID = 'octavo-overview';
const ALL = '';
const ANY = 'any';

export class Overview extends Widget {
  constructor(
    private readonly _tracker: INotebookTracker,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.id = ID;
    this.addClass('octavo-Overview');
    this._filter = this._makeFilter();
    this._list = this._makeList();
    this._space = document.createElement('div');
    this._space.className = 'octavo-Overview-space';
    this._space.setAttribute('role', 'presentation');
    this._list.append(this._space);
    this._count = document.createElement('div');
    this._count.className = 'octavo-Overview-count';
    this._count.setAttribute('role', 'status');
    this.node.append(this._filter, this._list, this._count);
    this._watch();
  }

  protected onAfterShow(_: Message): void {
    this._changed();
    this._followCell();
  }

  protected onResize(_: Message): void {
    this.update();
  }

  protected onActivateRequest(_: Message): void {
    this._list.focus();
  }

  protected onUpdateRequest(_: Message): void {
    if (this.isVisible) {
      this._draw();
    }
  }

  private _makeFilter(): HTMLSelectElement {
    const filter = document.createElement('select');
    filter.className = 'octavo-Overview-filter jp-mod-styled';
    filter.setAttribute('aria-label', this._trans.__('Cells to list'));
    filter.add(new Option(this._trans.__('All cells'), ALL));
    filter.add(new Option(this._trans.__('Cells with a state'), ANY));
    for (const state of STATES) {
      filter.add(new Option(this._trans.__(state.label), state.name));
    }
    filter.addEventListener('change', () => {
      this._changed();
      this._followCell();
    });
    return filter;
  }

  private _makeList(): HTMLElement {
    const list = document.createElement('div');
    list.className = 'octavo-Overview-list';
    list.tabIndex = 0;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', this._trans.__('Cells of the notebook'));
    list.addEventListener('scroll', () => this.update());
    list.addEventListener('keydown', event => this._onKey(event));
    list.addEventListener('click', event => {
      const row = (event.target as Element).closest<HTMLElement>('[data-index]');
      if (row) {
        void this._activate(Number(row.dataset.index));
      }
    });
    return list;
  }

  private _watch(): void {
    const seen = new WeakSet<NotebookPanel>();
    const follow = () => {
      const panel = this._tracker.currentWidget;
      if (panel && !seen.has(panel)) {
        seen.add(panel);
        const changed = () => this._changed();
        // One signal for whatever changes in the document, be it a thousand cells at once.
        panel.content.modelContentChanged.connect(changed);
        void panel.context.ready.then(changed);
      }
      this._changed();
      this._followCell();
    };
    this._tracker.currentChanged.connect(follow);
    this._tracker.activeCellChanged.connect(() => this._followCell());
    follow();
  }

  /** The cells are others now, or what they say; the list stays where somebody scrolled it to. */
  private _changed(): void {
    this._isStale = true;
    this.update();
  }

  /** Show the row of the active cell. */
  private _followCell(): void {
    this._isToFollow = true;
    this.update();
  }

  private _cells(): ICellModel[] {
    const model = this._tracker.currentWidget?.content.model;
    return model ? Array.from(model.cells) : [];
  }

  private _select(): void {
    const wanted = this._filter.value;
    this._models = this._cells();
    this._rows = [];
    this._models.forEach((model, index) => {
      const fits =
        wanted === ALL ||
        statesIn(metadataOf(model)).some(state => wanted === ANY || state.name === wanted);
      if (fits) {
        this._rows.push(index);
      }
    });
    this._isStale = false;
  }

  private _draw(): void {
    if (this._isStale) {
      this._select();
    }
    const count = this._rows.length;
    const active = this._tracker.currentWidget?.content.activeCellIndex ?? -1;
    const height = this._list.clientHeight;
    this._space.style.height = `${count * ROW_HEIGHT}px`;
    if (this._isToFollow) {
      this._isToFollow = false;
      const row = this._rows.indexOf(active);
      if (row >= 0) {
        this._list.scrollTop = scrolledTo(row, this._list.scrollTop, height, ROW_HEIGHT);
      }
    }
    const { start, stop } = visibleRows(this._list.scrollTop, height, ROW_HEIGHT, count);
    this._show(start, stop);
    for (const node of this._drawn.values()) {
      node.setAttribute('aria-selected', String(node.dataset.index === String(active)));
      node.setAttribute('aria-setsize', String(count));
    }
    this._tell(active);
  }

  /** Put these rows into the list; those that say the same stay, so that a click finds them. */
  private _show(start: number, stop: number): void {
    const before = this._drawn;
    this._drawn = new Map();
    for (let row = start; row < stop; row++) {
      const model = this._models[this._rows[row]];
      const badges = statesIn(metadataOf(model)).map(state => this._trans.__(state.badge));
      const words = [this._kind(model), firstLine(model) || this._trans.__('(empty)'), ...badges];
      const key = JSON.stringify([row, this._rows[row], ...words]);
      this._drawn.set(key, before.get(key) ?? this._row(row, words));
      before.delete(key);
    }
    before.forEach(node => node.remove());
    let next = this._space.firstChild;
    for (const node of this._drawn.values()) {
      if (node === next) {
        next = next.nextSibling;
      } else {
        this._space.insertBefore(node, next);
      }
    }
  }

  private _tell(active: number): void {
    const count = this._rows.length;
    const id = `${ID}-${active}`;
    if (this._space.querySelector(`#${id}`)) {
      this._list.setAttribute('aria-activedescendant', id);
    } else {
      this._list.removeAttribute('aria-activedescendant');
    }
    this._count.textContent = this._trans._n('%1 cell', '%1 cells', count);
  }

  private _row(row: number, [kind, source, ...badges]: string[]): HTMLElement {
    const index = this._rows[row];
    const node = document.createElement('div');
    node.className = 'octavo-Overview-row';
    node.id = `${ID}-${index}`;
    node.dataset.index = String(index);
    node.style.top = `${row * ROW_HEIGHT}px`;
    node.setAttribute('role', 'option');
    node.setAttribute('aria-posinset', String(row + 1));
    node.append(
      text('octavo-Overview-number', String(index + 1)),
      text('octavo-Overview-kind', kind),
      text('octavo-Overview-source', source),
      ...badges.map(badge => text('octavo-Badge', badge))
    );
    return node;
  }

  private _kind(model: ICellModel): string {
    const kinds: Record<string, string> = {
      code: this._trans.__('code'),
      markdown: this._trans.__('text'),
      raw: this._trans.__('raw')
    };
    return kinds[model.type] ?? model.type;
  }

  private async _activate(index: number): Promise<void> {
    const notebook = this._tracker.currentWidget?.content;
    if (notebook) {
      notebook.deselectAll();
      notebook.activeCellIndex = index;
      await notebook.scrollToItem(index, 'smart').catch(() => undefined);
      this._reveal(notebook, index);
    }
  }

  /** Show a cell once it is in the page: JupyterLab puts the cells of long notebooks there late. */
  private _reveal(notebook: Notebook, index: number): void {
    const node = notebook.widgets[index]?.node;
    if (node?.isConnected) {
      node.scrollIntoView({ block: 'nearest' });
      return;
    }
    this._arrivals?.disconnect();
    this._arrivals = new MutationObserver((_, arrivals) => {
      if (notebook.isDisposed || notebook.activeCellIndex !== index) {
        arrivals.disconnect();
      } else if (notebook.widgets[index].node.isConnected) {
        arrivals.disconnect();
        notebook.widgets[index].node.scrollIntoView({ block: 'nearest' });
      }
    });
    this._arrivals.observe(notebook.node, { childList: true, subtree: true });
  }

  private _onKey(event: KeyboardEvent): void {
    const panel = this._tracker.currentWidget;
    if (!panel || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      void NotebookActions.focusActiveCell(panel.content);
      panel.content.activate();
      return;
    }
    const row = this._rows.indexOf(panel.content.activeCellIndex);
    const page = Math.max(1, Math.floor(this._list.clientHeight / ROW_HEIGHT) - 1);
    const next = rowAfter(event.key, row, page, this._rows.length);
    if (next !== null) {
      event.preventDefault();
      event.stopPropagation();
      void this._activate(this._rows[next]);
    }
  }

  private readonly _filter: HTMLSelectElement;
  private readonly _list: HTMLElement;
  private readonly _space: HTMLElement;
  private readonly _count: HTMLElement;
  private _arrivals: MutationObserver | null = null;
  private _drawn = new Map<string, HTMLElement>();
  private _models: ICellModel[] = [];
  private _rows: number[] = [];
  private _isStale = true;
  private _isToFollow = true;
}

function text(name: string, content: string): HTMLElement {
  const node = document.createElement('span');
  node.className = name;
  node.textContent = content;
  return node;
}

function firstLine(model: ICellModel): string {
  const source = model.sharedModel.getSource();
  return source.trimStart().slice(0, 200).split('\n')[0];
}

