/** Show conflicts in a notebook: buttons above each, and whose version a cell is. */
import { Notebook } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';

import { Group, groupsOf, Kept, Mark } from './groups.js';
import { marksIn } from './shared.js';

const BAR = 'octavo-Conflict';
const MARKED = 'octavo-mod-conflict';

export type Choose = (group: Group, kept: Kept) => void;

/** Return the words for what can be kept. */
export function keptLabels(trans: TranslationBundle): [Kept, string][] {
  return [
    ['ours', trans.__('Keep Mine')],
    ['theirs', trans.__('Keep Theirs')],
    ['both', trans.__('Keep Both')]
  ];
}

/** Renew what is shown at all cells of a notebook. */
export function showConflicts(notebook: Notebook, trans: TranslationBundle, choose: Choose): void {
  const { model } = notebook;
  if (!model) {
    return;
  }
  const marks = marksIn(model);
  const groups = groupsOf(marks);
  const heads = new Map(groups.map((group, number) => [group.start, { group, number }]));
  notebook.widgets.forEach((cell, index) => {
    const mark = marks[index];
    const head = heads.get(index);
    const state = mark ? `${mark.side} ${head ? `${head.number}/${groups.length}` : ''}` : '';
    const bar = cell.node.querySelector<HTMLElement>(`:scope > .${BAR}`);
    if ((bar?.dataset.octavoState ?? '') === state) {
      return;
    }
    bar?.remove();
    cell.node.classList.toggle(MARKED, mark !== null);
    if (mark) {
      cell.node.dataset.octavoSide = mark.side;
      const made = document.createElement('div');
      made.className = BAR;
      made.dataset.octavoState = state;
      // Enter and Space are for the buttons here, not for the notebook.
      made.dataset.lmSuppressShortcuts = 'true';
      made.setAttribute('role', 'group');
      if (head) {
        const title = trans.__('Conflict %1 of %2', head.number + 1, groups.length);
        made.setAttribute('aria-label', title);
        made.append(worded('octavo-Conflict-title', title), ...buttons(index, notebook, trans, choose));
      }
      if (mark.side !== 'note') {
        const side = sideName(mark, trans);
        made.append(worded('octavo-Conflict-side', side));
        if (!head) {
          made.setAttribute('aria-label', side);
        }
      }
      // At the end, since JupyterLab counts the children of a cell; the style sheet shows it on top.
      cell.node.append(made);
    } else {
      delete cell.node.dataset.octavoSide;
    }
  });
}

function buttons(
  index: number,
  notebook: Notebook,
  trans: TranslationBundle,
  choose: Choose
): HTMLElement[] {
  return keptLabels(trans).map(([kept, label]) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'octavo-Conflict-button jp-mod-styled';
    button.dataset.octavoKeep = kept;
    button.textContent = label;
    button.addEventListener('click', event => {
      event.stopPropagation();
      const group =
        notebook.model && groupsOf(marksIn(notebook.model)).find(({ start }) => start === index);
      if (group) {
        choose(group, kept);
      }
    });
    return button;
  });
}

function sideName(mark: Mark, trans: TranslationBundle): string {
  const name = mark.side === 'ours' ? trans.__('Mine') : trans.__('Theirs');
  return mark.label ? `${name}: ${mark.label}` : name;
}

function worded(className: string, text: string): HTMLElement {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}
