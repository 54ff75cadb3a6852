/** Lists of forms, such as "notebooks///ipynb,scripts///py:percent".  Nothing here needs a browser. */
import type { FormatRow } from './api.js';

/** A form that can be chosen: how it is written, and what it is. */
export interface Choice {
  form: string;
  summary: string;
  /** Another way to write the same form. */
  also: string;
}

const FEW = 5; // a format with more suffixes is one of scripts, for any language

/** Return the forms in a list, without blanks and without empty ones. */
export function split(forms: string): string[] {
  return forms
    .split(',')
    .map(form => form.trim())
    .filter(Boolean);
}

/** Return a form without the folders and name parts before it. */
export function bare(form: string): string {
  return form.slice(form.lastIndexOf('/') + 1);
}

/** Return the suffix of a form: ".py" for "scripts///py:percent". */
export function suffixOfForm(form: string): string {
  return `.${bare(form).split(':')[0]}`;
}

/** Return the forms for documents in a language whose scripts end in *suffix* (".py"). */
export function choices(formats: FormatRow[], suffix: string): Choice[] {
  const found: Choice[] = [];
  for (const { name, summary, suffixes, default_for } of formats) {
    const isScript = suffixes.length > FEW || default_for.length === 0;
    const fits = suffixes.includes(suffix);
    if (isScript && !fits) {
      continue;
    }
    const word = (fits ? suffix : suffixes[0]).slice(1);
    const isDefault = default_for.includes(`.${word}`);
    const whole = `${word}:${name}`;
    const short = isDefault && suffixes.length <= FEW ? word : whole;
    found.push({ form: short, summary, also: isDefault && short === whole ? word : whole });
  }
  return found;
}

/** Return where a choice stands in a list of forms, -1 where it does not. */
export function placeOf(forms: string, choice: Choice): number {
  return split(forms).findIndex(
    form => bare(form) === choice.form || bare(form) === choice.also
  );
}

/** Return the list of forms with a choice or without it; the others stay as they are written. */
export function withChoice(forms: string, choice: Choice, on: boolean): string {
  const list = split(forms);
  const place = placeOf(forms, choice);
  if (on && place < 0) {
    list.push(choice.form);
  } else if (!on && place >= 0) {
    list.splice(place, 1);
  }
  return list.join(',');
}

/** Return whether a form is one that the server knows; half of a word is none. */
export function isKnown(form: string, formats: FormatRow[]): boolean {
  const [word, name] = bare(form).split(':');
  const suffix = `.${word}`;
  if (suffix === '.ipynb') {
    return name === undefined;
  }
  return formats.some(
    row =>
      (word === 'auto' || row.suffixes.includes(suffix)) &&
      (name === undefined ? row.default_for.includes(suffix) : row.name === name)
  );
}
