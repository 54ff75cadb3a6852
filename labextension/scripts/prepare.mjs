/**
 * Make what follows from the registry of cell states, which Python and TypeScript share: the copy
 * that the sources import, and the settings (menus, toolbars, shortcuts) with one entry a state.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const COMMAND = 'octavo:toggle-cell-state';
const SELECTOR = '.jp-Notebook';

const text = readFileSync(
  new URL('../../src/octavo/jupyter/cell_states.json', import.meta.url),
  'utf-8'
);
write('../src/cellStates/registry.json', text);
write('../schema/cell-states.json', JSON.stringify(schema(JSON.parse(text)), null, 2) + '\n');

function write(place, content) {
  writeFileSync(new URL(place, import.meta.url), content);
}

function schema(registry) {
  const commands = entries(registry);
  const submenu = { type: 'submenu', submenu: { id: 'octavo-cell-state', label: 'Cell State' } };
  submenu.submenu.items = commands;
  return {
    title: 'Cell States',
    description: 'Octavo: set and show the states of cells.',
    'jupyter.lab.internationalization': { domain: 'octavo' },
    'jupyter.lab.toolbars': {
      Notebook: [{ name: 'octavo-cell-states', command: 'octavo:cell-states-menu', rank: 45 }],
      Cell: [{ name: 'octavo-cell-states', command: 'octavo:cell-states-menu', rank: 5 }]
    },
    'jupyter.lab.menus': {
      main: [{ id: 'jp-mainmenu-edit', items: [{ ...submenu, rank: 90 }] }],
      context: [
        {
          ...submenu,
          submenu: { ...submenu.submenu, id: 'octavo-context-cell-state' },
          selector: `${SELECTOR} .jp-Cell`,
          rank: 6
        }
      ]
    },
    'jupyter.lab.shortcuts': [
      ...registry.states.map(state => shortcut(COMMAND, state.key, { state: state.name })),
      shortcut('octavo:cell-states-menu', 'L'),
      shortcut('octavo:clear-cell-states', '0')
    ],
    type: 'object',
    properties: {
      showBadges: {
        title: 'Show badges',
        description: 'Whether cells show their states.',
        type: 'boolean',
        default: true
      }
    },
    additionalProperties: false
  };
}

function entries(registry) {
  const items = [];
  for (const group of registry.groups) {
    for (const state of registry.states.filter(found => found.group === group.name)) {
      items.push({ command: COMMAND, args: { state: state.name } });
    }
    items.push({ type: 'separator' });
  }
  return [...items, { command: 'octavo:clear-cell-states' }];
}

function shortcut(command, key, args = {}) {
  return { command, args, keys: ['Alt O', key], selector: SELECTOR };
}
