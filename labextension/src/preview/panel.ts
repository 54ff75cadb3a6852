/** The text of the notebook that is shown, renewed while somebody types. */
import { CodeEditor, CodeEditorWrapper, IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';
import { Debouncer } from '@lumino/polling';
import { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import { formOf, getFormats, getPair, getText } from '../pairing/api.js';
import { contentOf, scriptSuffix } from '../pairing/content.js';
import { labelled, told } from '../pairing/dialogBody.js';
import { choices, placeOf, split, suffixOfForm } from '../pairing/forms.js';
import { patchOf } from './patch.js';

const QUIET_MS = 150;

export class PreviewPanel extends Panel {
  constructor(
    private readonly _tracker: INotebookTracker,
    services: IEditorServices,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.id = 'octavo-preview';
    this.addClass('octavo-Preview');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _trans.__('Text of the notebook'));
    this._mimeTypes = services.mimeTypeService;
    this._editor = new CodeEditorWrapper({
      model: this._model,
      factory: options => services.factoryService.newDocumentEditor(options),
      editorOptions: { config: { readOnly: true, lineNumbers: true, lineWrap: true } }
    });
    this._editor.addClass('octavo-Preview-text');
    const head = new Widget();
    head.addClass('octavo-Preview-head');
    head.node.append(labelled(_trans.__('Text as'), this._select), this._problem);
    this._problem.setAttribute('role', 'status');
    this._select.addEventListener('change', () => {
      this._chosen.set(this._path, this._select.value);
      this._later();
    });
    this.addWidget(head);
    this.addWidget(this._editor);
    _tracker.currentChanged.connect(this._follow, this);
    this._follow();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._tracker.currentChanged.disconnect(this._follow, this);
      this._disconnect();
      this._soon.dispose();
      this._model.dispose();
      super.dispose();
    }
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._later();
  }

  private _follow(): void {
    const panel = this._tracker.currentWidget;
    if (panel === this._panel || !panel) {
      return;
    }
    this._disconnect();
    this._panel = panel;
    this.title.label = this._trans.__('Text of %1', panel.title.label);
    void panel.context.ready.then(async () => {
      if (panel === this._panel && !panel.isDisposed) {
        await this._fillForms(panel);
        panel.content.model?.contentChanged.connect(this._later, this);
        this._later();
      }
    });
  }

  private _disconnect(): void {
    if (this._panel && !this._panel.isDisposed) {
      this._panel.content.model?.contentChanged.disconnect(this._later, this);
    }
  }

  private get _path(): string {
    return this._panel?.context.path ?? '';
  }

  /** Offer the forms for the notebook; the first one is the text that it has by now. */
  private async _fillForms(panel: NotebookPanel): Promise<void> {
    const { model } = panel.content;
    if (!model) {
      return;
    }
    const path = panel.context.path;
    try {
      const [formats, suffix, info, own] = await Promise.all([
        getFormats(),
        scriptSuffix(contentOf(model)),
        getPair(path).catch(() => null),
        formOf(path).catch(() => '')
      ]);
      const rows = choices(formats, suffix);
      const paired = split(info?.formats || own).filter(form => suffixOfForm(form) !== '.ipynb');
      const others = rows.filter(choice => placeOf(paired.join(','), choice) < 0);
      this._select.replaceChildren(
        ...paired.map(form => new Option(form, form)),
        ...others.map(({ form }) => new Option(form, form))
      );
      const percent = rows[rows.findIndex(({ form }) => form.endsWith(':percent'))]?.form;
      this._select.value = this._chosen.get(path) ?? paired[0] ?? percent ?? rows[0].form;
    } catch (error) {
      this._problem.textContent = told(error);
    }
  }

  private _later(): void {
    if (this.isVisible) {
      void this._soon.invoke().catch(() => undefined);
    }
  }

  private async _renew(): Promise<void> {
    const panel = this._panel;
    const form = this._select.value;
    if (!panel || panel.isDisposed || !panel.content.model || !form) {
      return;
    }
    let found = { text: '', suffix: '' };
    let problem = '';
    try {
      found = await getText(contentOf(panel.content.model), form, this._path);
    } catch (error) {
      problem = told(error);
    }
    if (this.isDisposed || panel !== this._panel || form !== this._select.value) {
      return;
    }
    this._problem.textContent = problem;
    if (!problem) {
      this._model.mimeType = String(this._mimeTypes.getMimeTypeByFilePath(`x${found.suffix}`));
      // Only what changed is put in, so that the reader's place and the drawing of the rest stay.
      const shared = this._model.sharedModel;
      const patch = patchOf(shared.getSource(), found.text);
      if (patch) {
        shared.updateSource(patch.start, patch.end, patch.value);
      }
    }
  }

  private _panel: NotebookPanel | null = null;
  private _chosen = new Map<string, string>();
  private _model = new CodeEditor.Model();
  private _editor: CodeEditorWrapper;
  private _mimeTypes: IEditorServices['mimeTypeService'];
  private _select = document.createElement('select');
  private _problem = document.createElement('span');
  private _soon = new Debouncer(() => this._renew(), QUIET_MS);
}
