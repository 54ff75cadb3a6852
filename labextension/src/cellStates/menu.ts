/** The menu of states: opened by a button, by a shortcut, or from the palette. */
import { CommandRegistry } from '@lumino/commands';
import { MenuSvg } from '@jupyterlab/ui-components';
import { Menu } from '@lumino/widgets';

import { GROUPS, statesOf } from './states.js';

export const TOGGLE = 'octavo:toggle-cell-state';
export const CLEAR = 'octavo:clear-cell-states';
export const MENU = 'octavo:cell-states-menu';

/** Return a menu with all states, group by group. */
export function statesMenu(commands: CommandRegistry, label: string): Menu {
  const menu = new Menu({ commands, renderer: MenuSvg.defaultRenderer });
  menu.title.label = label;
  menu.addClass('octavo-StatesMenu');
  // Lines by style, not by items: those that Lumino makes are a burden to screen readers.
  for (const group of GROUPS) {
    statesOf(group.name).forEach((state, index) => {
      menu.addItem({ command: TOGGLE, args: { state: state.name, isFirst: index === 0 } });
    });
  }
  menu.addItem({ command: CLEAR, args: { isFirst: true } });
  return menu;
}

/** Open a menu below the button that has the focus or was clicked, else at the cell. */
export function openMenu(menu: Menu, cell: HTMLElement): void {
  const button = document.activeElement?.closest('[data-jp-item-name="octavo-cell-states"]');
  const place = (button ?? cell).getBoundingClientRect();
  menu.open(place.left, button ? place.bottom : Math.max(place.top, 40));
  menu.activeIndex = 0;
  keepFocus(menu);
}

/**
 * Take the focus back from the notebook, for which Escape and the arrows would be then:
 * JupyterLab 4.4 gives it the focus when a button of the toolbar is released, and runs the command
 * of the button when it is pressed.
 */
function keepFocus(menu: Menu): void {
  const takeBack = () => setTimeout(() => menu.isAttached && menu.activate());
  const stop = () => {
    document.removeEventListener('click', takeBack, true);
    menu.aboutToClose.disconnect(stop);
  };
  document.addEventListener('click', takeBack, true);
  menu.aboutToClose.connect(stop);
}
