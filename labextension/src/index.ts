/** The plugins of Octavo: one a folder, each can be disabled by itself. */
import { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { cellStates } from './cellStates/plugin.js';
import { conflicts } from './conflicts/plugin.js';
import { documents } from './documents/plugin.js';
import { fileBrowser } from './fileBrowser/plugin.js';
import { inspector } from './inspector/plugin.js';
import { launcher } from './launcher/plugin.js';
import { menus } from './menus/plugin.js';
import { overview } from './overview/plugin.js';
import { pairing } from './pairing/plugin.js';
import { preview } from './preview/plugin.js';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  cellStates,
  documents,
  inspector,
  overview,
  pairing,
  conflicts,
  preview,
  launcher,
  fileBrowser,
  menus
];

export default plugins;
