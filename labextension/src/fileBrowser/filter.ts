/** Hide twins: the members of a pair that another one in the same folder stands for. */
import { FileBrowser } from '@jupyterlab/filebrowser';
import { Contents } from '@jupyterlab/services';

/** Let a file browser leave out files, as long as *isHidden* says so. */
export function leaveOut(browser: FileBrowser, isHidden: (path: string) => boolean): void {
  const { model } = browser;
  const items = model.items.bind(model);
  model.items = () => without(items(), isHidden);
}

function* without(
  items: IterableIterator<Contents.IModel>,
  isHidden: (path: string) => boolean
): IterableIterator<Contents.IModel> {
  for (const item of items) {
    if (item.type === 'directory' || !isHidden(item.path)) {
      yield item;
    }
  }
}
