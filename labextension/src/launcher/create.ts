/** Make a file with the text of an empty notebook. */
import { PathExt } from '@jupyterlab/coreutils';
import { Contents, KernelSpec } from '@jupyterlab/services';

import { getText } from '../pairing/api.js';

/** Return an empty notebook for a kernel. */
export function emptyNotebook(spec: KernelSpec.ISpecModel | undefined): unknown {
  const kernelspec = spec && {
    name: spec.name,
    display_name: spec.display_name,
    language: spec.language
  };
  const cell = {
    cell_type: 'code',
    id: 'first',
    metadata: {},
    source: '',
    outputs: [],
    execution_count: null
  };
  return {
    cells: [cell],
    metadata: kernelspec ? { kernelspec } : {},
    nbformat: 4,
    nbformat_minor: 5
  };
}

/** Make a new text notebook in a folder; return its path. */
export async function createText(
  contents: Contents.IManager,
  folder: string,
  format: string,
  spec: KernelSpec.ISpecModel | undefined
): Promise<string> {
  const { text, suffix } = await getText(emptyNotebook(spec), format, '');
  const file = await contents.newUntitled({ path: folder, type: 'file', ext: suffix });
  let path = file.path;
  if (PathExt.extname(path) !== suffix) {
    path = (await contents.rename(path, path.replace(/(\.[^./]*)?$/, suffix))).path;
  }
  await contents.save(path, { type: 'file', format: 'text', content: text });
  return path;
}
