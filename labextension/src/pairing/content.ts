/** The content of a notebook as the server takes it for its text: cells without outputs. */
import { YNotebook } from '@jupyter/ydoc';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { INotebookModel } from '@jupyterlab/notebook';
import { Contents } from '@jupyterlab/services';

import { getText } from './api.js';

/** Return the model of a document that is open as a notebook. */
export function notebookOf(
  context: DocumentRegistry.Context | undefined
): INotebookModel | undefined {
  const model = context?.model as unknown as Partial<INotebookModel> | undefined;
  return model?.cells && model.sharedModel ? (model as INotebookModel) : undefined;
}

/** Return a notebook as JSON.  Texts have no outputs, so these are left out: they may be large. */
export function contentOf(model: INotebookModel): unknown {
  const shared = model.sharedModel as unknown as YNotebook;
  return {
    cells: shared.cells.map(cell =>
      cell.cell_type === 'code'
        ? {
            cell_type: 'code',
            id: cell.getId(),
            metadata: cell.getMetadata(),
            source: cell.getSource(),
            outputs: [],
            execution_count: null
          }
        : cell.toJSON()
    ),
    metadata: shared.getMetadata(),
    nbformat: shared.nbformat,
    nbformat_minor: shared.nbformat_minor
  };
}

/** Return the content of a document: what is open, else what is on disk. */
export async function contentAt(
  path: string,
  context: DocumentRegistry.Context | undefined,
  contents: Contents.IManager
): Promise<unknown> {
  const model = notebookOf(context);
  if (model) {
    return contentOf(model);
  }
  const found = await contents.get(path, { type: 'notebook', format: 'json', content: true });
  return found.content;
}

/** Return what scripts in the language of a notebook end in, ".py" where it has none. */
export async function scriptSuffix(content: unknown): Promise<string> {
  const { metadata } = content as { metadata?: { kernelspec?: unknown; language_info?: unknown } };
  if (!metadata?.kernelspec && !metadata?.language_info) {
    return '.py';
  }
  try {
    return (await getText(content, 'auto:percent', '')).suffix;
  } catch {
    return '.py';
  }
}
