/** Show the states of a cell: a word for each, and a border. */
import { Cell } from '@jupyterlab/cells';
import { TranslationBundle } from '@jupyterlab/translation';

import { metadataOf } from './change.js';
import { State, statesIn } from './states.js';

const LIST = 'octavo-Badges';
const MARKED = 'octavo-mod-marked';
const GROUP = 'octavoGroups';

/** Return a list of badges. */
export function badgeList(states: State[], trans: TranslationBundle): HTMLElement {
  const list = document.createElement('ul');
  list.className = LIST;
  list.setAttribute('aria-label', trans.__('States of the cell'));
  for (const state of states) {
    const item = document.createElement('li');
    item.className = 'octavo-Badge';
    item.dataset.octavoGroup = state.group;
    item.title = trans.__(state.label);
    item.textContent = trans.__(state.badge);
    list.append(item);
  }
  return list;
}

/** Show the states that a cell is in now. */
export function showBadges(cell: Cell, trans: TranslationBundle): void {
  const states = statesIn(metadataOf(cell.model));
  const list = cell.node.querySelector<HTMLElement>(`:scope > .${LIST}`);
  const told = states.map(state => state.name).join(' ');
  if ((list?.dataset.octavoStates ?? '') === told) {
    return;
  }
  list?.remove();
  cell.node.classList.toggle(MARKED, states.length > 0);
  if (!states.length) {
    delete cell.node.dataset[GROUP];
    return;
  }
  cell.node.dataset[GROUP] = [...new Set(states.map(state => state.group))].join(' ');
  const shown = badgeList(states, trans);
  shown.dataset.octavoStates = told;
  // At the end, since JupyterLab counts the children of a cell; the style sheet shows it on top.
  cell.node.append(shown);
}
