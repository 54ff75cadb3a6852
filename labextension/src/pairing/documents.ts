/** The documents that are open: which is the current one, and changes of its files. */
import { JupyterFrontEnd } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { DocumentRegistry } from '@jupyterlab/docregistry';

type Context = DocumentRegistry.Context;

/** Return the context of the document that is shown. */
export function currentContext(app: JupyterFrontEnd, manager: IDocumentManager): Context | undefined {
  const widget = app.shell.currentWidget;
  return widget ? manager.contextForWidget(widget) : undefined;
}

/** Return the context of a document that is open. */
export function contextAt(
  path: string,
  app: JupyterFrontEnd,
  manager: IDocumentManager
): Context | undefined {
  for (const widget of app.shell.widgets('main')) {
    const context = manager.contextForWidget(widget);
    if (context?.path === path) {
      return context;
    }
  }
  return undefined;
}

/** Perform what changes the files of a document, between its edits and what comes of it. */
export async function around<T>(
  context: Context | undefined,
  action: () => Promise<T>
): Promise<T> {
  const isShared = context?.model.collaborative ?? false; // then the server keeps it current
  if (context && !isShared && context.model.dirty) {
    await context.save();
  }
  const result = await action();
  if (context && !isShared && !context.isDisposed && !context.model.dirty) {
    await context.revert();
  }
  return result;
}
