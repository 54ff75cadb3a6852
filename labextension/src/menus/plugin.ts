/** The titles of our menus in the language of the page. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { Menu } from '@lumino/widgets';

/** JupyterLab translates the menus in schemas of its own extensions, not those of others. */
export const menus: JupyterFrontEndPlugin<void> = {
  id: '@octavo/labextension:menus',
  description: 'Translates the titles of the menus.',
  autoStart: true,
  optional: [ITranslator, IMainMenu],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null, main: IMainMenu | null) => {
    const trans = (translator ?? nullTranslator).load('octavo');
    app.restored.then(() => {
      for (const menu of main ? [main.fileMenu, main.editMenu, main.viewMenu] : []) {
        translate(menu.items, trans);
      }
    });
    app.contextMenu.opened.connect(() => translate(app.contextMenu.menu.items, trans));
  }
};

function translate(items: readonly Menu.IItem[], trans: TranslationBundle): void {
  for (const { submenu } of items) {
    if (submenu?.id.startsWith('octavo-')) {
      submenu.title.label = trans._p('menu', submenu.title.label);
    }
  }
}
