/** The plugins of Octavo: one a folder, each can be disabled by itself. */
import { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { cellStates } from './cellStates/plugin.js';
import { documents } from './documents/plugin.js';
import { inspector } from './inspector/plugin.js';
import { overview } from './overview/plugin.js';

const plugins: JupyterFrontEndPlugin<unknown>[] = [cellStates, documents, inspector, overview];

export default plugins;
