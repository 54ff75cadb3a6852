/** The plugins of Octavo: one a folder, each can be disabled by itself. */
import { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { cellStates } from './cellStates/plugin.js';

const plugins: JupyterFrontEndPlugin<unknown>[] = [cellStates];

export default plugins;
