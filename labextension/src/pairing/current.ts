/** The pair of the document that is shown. */
import { JupyterFrontEnd } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { Debouncer } from '@lumino/polling';
import { Signal } from '@lumino/signaling';

import { conflictsIn } from '../conflicts/shared.js';
import { getPair, PairInfo } from './api.js';
import { notebookOf } from './content.js';
import { currentContext } from './documents.js';

const QUIET_MS = 150;

export class CurrentPair {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _manager: IDocumentManager
  ) {
    this._app.shell.currentChanged?.connect(this._follow, this);
    void this._app.restored.then(() => this._follow());
  }

  readonly changed = new Signal<this, void>(this);

  /** What is known of the document, null where none is shown or it has no pair to be in. */
  info: PairInfo | null = null;

  get context(): DocumentRegistry.Context | undefined {
    return this._context;
  }

  /** The conflicts to be resolved: those in the open notebook, else those on disk. */
  get conflicts(): number {
    const model = notebookOf(this._context);
    return model ? conflictsIn(model).length : (this.info?.conflicts ?? 0);
  }

  /** Ask the server again, in a moment. */
  refresh(): void {
    void this._later.invoke().catch(() => undefined);
  }

  private _follow(): void {
    const context = currentContext(this._app, this._manager);
    if (context === this._context) {
      return;
    }
    const before = this._context;
    if (before && !before.isDisposed) {
      before.saveState.disconnect(this._saved, this);
      before.fileChanged.disconnect(this.refresh, this);
      before.pathChanged.disconnect(this.refresh, this);
      before.model.contentChanged.disconnect(this._told, this);
    }
    this._context = context;
    this.info = null;
    this.changed.emit();
    if (context) {
      context.saveState.connect(this._saved, this);
      context.fileChanged.connect(this.refresh, this);
      context.pathChanged.connect(this.refresh, this);
      context.model.contentChanged.connect(this._told, this);
      void context.ready.then(() => this.refresh());
    }
  }

  private _saved(_: unknown, state: DocumentRegistry.SaveState): void {
    if (state.startsWith('completed')) {
      this.refresh();
    }
  }

  private _told(): void {
    void this._soon.invoke().catch(() => undefined);
  }

  private async _ask(): Promise<void> {
    const context = this._context;
    let info: PairInfo | null = null;
    if (context && !context.isDisposed) {
      try {
        info = await getPair(context.path);
      } catch {
        // Not on the local disk, or its pairing cannot be understood: the dialog tells why.
      }
    }
    if (context === this._context) {
      this.info = info;
      this.changed.emit();
    }
  }

  private _context: DocumentRegistry.Context | undefined;
  private _later = new Debouncer(() => this._ask(), QUIET_MS);
  private _soon = new Debouncer(() => this.changed.emit(), QUIET_MS);
}
