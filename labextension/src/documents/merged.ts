/** Show what the server merged into a document while it saved it. */
import { DocumentRegistry, IDocumentWidget } from '@jupyterlab/docregistry';
import { Contents, ServerConnection } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import { JupyterFrontEnd } from '@jupyterlab/application';

type Reply = Contents.IModel & { octavo?: { merged?: unknown } };

/** Let the server tell the saves of this page from those of others. */
export function nameClient(settings: ServerConnection.ISettings): void {
  const init = settings.init as RequestInit;
  init.headers = { ...(init.headers as object), 'X-Octavo-Client': UUID.uuid4() };
}

/** Reload a document after a save that brought in what others had written. */
export function showMerged(shell: JupyterFrontEnd.IShell, contents: Contents.IManager): void {
  const save = contents.save.bind(contents);
  contents.save = async (path, options) => {
    const reply: Reply = await save(path, options);
    if (reply.octavo?.merged) {
      for (const context of contextsOf(shell, path)) {
        reloadAfterSave(context);
      }
    }
    return reply;
  };
}

function contextsOf(shell: JupyterFrontEnd.IShell, path: string): Set<DocumentRegistry.Context> {
  const found = new Set<DocumentRegistry.Context>();
  for (const widget of shell.widgets('main')) {
    const { context } = widget as unknown as Partial<IDocumentWidget>;
    if (context?.path === path) {
      found.add(context);
    }
  }
  return found;
}

function reloadAfterSave(context: DocumentRegistry.Context): void {
  const follow = (_: unknown, state: DocumentRegistry.SaveState) => {
    if (state === 'started') {
      return;
    }
    context.saveState.disconnect(follow);
    // Somebody who went on typing keeps that; the next save merges again.
    if (state.startsWith('completed') && !context.isDisposed && !context.model.dirty) {
      void context.revert();
    }
  };
  context.saveState.connect(follow);
}
