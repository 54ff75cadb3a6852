/** The pairs of the folders that were looked at. */
import { Signal } from '@lumino/signaling';

import { FolderPair, getPairs } from './api.js';

/** Return the folder that a path lies in, "" for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export class FolderPairs {
  constructor(private readonly _ask: (folder: string) => Promise<FolderPair[]>) {}

  /** A folder whose pairs are others than before. */
  readonly changed = new Signal<this, string>(this);

  /** Return whether a folder was looked at. */
  knows(folder: string): boolean {
    return this._folders.has(folder);
  }

  /** Return the pair of a file, as far as its folder was looked at. */
  of(path: string): FolderPair | undefined {
    return this._folders.get(folderOf(path))?.find(pair => pair.members.includes(path));
  }

  /** Return whether a file is shown by another member of its pair in the same folder. */
  isTwin(path: string): boolean {
    const pair = this.of(path);
    return (
      pair !== undefined && pair.primary !== path && folderOf(pair.primary) === folderOf(path)
    );
  }

  /** Look at a folder; a folder that cannot be looked at has no pairs. */
  async look(folder: string): Promise<void> {
    const running = this._running.get(folder);
    if (running) {
      return running;
    }
    const question = this._look(folder).finally(() => this._running.delete(folder));
    this._running.set(folder, question);
    return question;
  }

  private async _look(folder: string): Promise<void> {
    let found: FolderPair[];
    try {
      found = await this._ask(folder);
    } catch {
      found = [];
    }
    const before = JSON.stringify(this._folders.get(folder) ?? []);
    this._folders.set(folder, found);
    if (JSON.stringify(found) !== before) {
      this.changed.emit(folder);
    }
  }

  private _folders = new Map<string, FolderPair[]>();
  private _running = new Map<string, Promise<void>>();
}

/** Those of the server, shared by the plugins. */
export const folderPairs = new FolderPairs(getPairs);
