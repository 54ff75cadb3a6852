/** Badges of pairs in the lists of files. */
import { DirListing } from '@jupyterlab/filebrowser';
import { TranslationBundle } from '@jupyterlab/translation';

import { FolderPairs } from '../pairing/folderPairs.js';

const BADGE = 'octavo-PairBadge';
const NAME = '.jp-DirListing-itemName';

/** Let the lists of all file browsers, which share a renderer, show which files are pairs. */
export function showPairs(pairs: FolderPairs, trans: TranslationBundle): void {
  const renderer = DirListing.defaultRenderer;
  const update = renderer.updateItemNode.bind(renderer);
  renderer.updateItemNode = (node, model, ...rest) => {
    update(node, model, ...rest);
    badge(node, model.path, pairs, trans);
  };
}

function badge(node: HTMLElement, path: string, pairs: FolderPairs, trans: TranslationBundle): void {
  const place = node.querySelector<HTMLElement>(NAME);
  const pair = pairs.of(path);
  const old = place?.querySelector<HTMLElement>(`:scope > .${BADGE}`);
  const others = (pair?.members ?? []).filter(member => member !== path);
  const state = pair ? `${others.join(' ')} ${pair.conflicts}` : '';
  if (!place || (old?.dataset.octavoState ?? '') === state) {
    return;
  }
  old?.remove();
  describe(node, null);
  if (!pair) {
    return;
  }
  const made = document.createElement('span');
  made.className = BADGE;
  made.dataset.octavoState = state;
  const kinds = others.map(member => member.slice(member.lastIndexOf('.') + 1)).join(' ');
  made.textContent = pair.conflicts ? `+ ${kinds} !` : `+ ${kinds}`;
  const names = trans.__('Paired with %1', others.join(', '));
  made.title = pair.conflicts
    ? `${names}; ${trans._n('%1 conflict', '%1 conflicts', pair.conflicts)}`
    : names;
  made.setAttribute('role', 'img');
  made.setAttribute('aria-label', made.title);
  place.append(made);
  describe(node, made.title);
}

/** Let a screen reader say the pair where the keyboard is: the focus lies on the name. */
function describe(node: HTMLElement, words: string | null): void {
  const name = node.querySelector<HTMLElement>('[tabindex]') ?? node;
  if (words) {
    name.setAttribute('aria-description', words);
  } else {
    name.removeAttribute('aria-description');
  }
}
