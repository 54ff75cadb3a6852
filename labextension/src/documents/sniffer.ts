/** What the contents of files are, as the server says; asked once for each version of a file. */
import { suffixOf } from './rule.js';

export interface File {
  path: string;
  type: string;
  last_modified?: string;
  size?: number | null;
}

export type Ask = (paths: string[]) => Promise<Record<string, { notebook: boolean }>>;

const MOST = 1000; // paths in one question

export class Sniffer {
  /** The suffixes of texts that can be notebooks. */
  suffixes: readonly string[] = [];

  constructor(private readonly _ask: Ask) {}

  /** Return whether a file was found to be a notebook. */
  isNotebook(path: string): boolean {
    return this._known.get(path)?.notebook ?? false;
  }

  /** Find out about files whose present version is not known. */
  async look(files: File[]): Promise<void> {
    const unknown = files.filter(file => this._isToLook(file));
    for (let start = 0; start < unknown.length; start += MOST) {
      await this._lookAt(unknown.slice(start, start + MOST));
    }
  }

  private async _lookAt(files: File[]): Promise<void> {
    const answer = await this._ask(files.map(file => file.path));
    for (const file of files) {
      const notebook = answer[file.path]?.notebook ?? false;
      this._known.set(file.path, { stamp: stampOf(file), notebook });
    }
  }

  private _isToLook(file: File): boolean {
    return (
      file.type !== 'directory' &&
      suffixOf(file.path, this.suffixes) !== '' &&
      this._known.get(file.path)?.stamp !== stampOf(file)
    );
  }

  private _known = new Map<string, { stamp: string; notebook: boolean }>();
}

function stampOf(file: File): string {
  return `${file.last_modified} ${file.size}`;
}
