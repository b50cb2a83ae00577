// The two settings that belong to the device and not to a person. Nothing else is ever put into localStorage.
import { effect, signal } from '@preact/signals';
import { lang, type Lang } from './i18n/words.ts';

const touch = matchMedia('(pointer: coarse)').matches;

interface Settings {
  lang: Lang;
  enter: boolean;
}

function read(): Partial<Settings> {
  try { return JSON.parse(localStorage.getItem('settings') ?? '{}') as Partial<Settings>; } catch { return {}; }
}

const kept = read();

/** Enter sends. Never on touch, where there is no other key for a new line. */
export const enterSends = signal(!touch && kept.enter === true);
export const hasKeyboard = !touch;

if (kept.lang === 'da' || kept.lang === 'en') lang.value = kept.lang;

effect(() => {
  const now: Settings = { lang: lang.value, enter: enterSends.value };
  document.documentElement.lang = now.lang;
  try { localStorage.setItem('settings', JSON.stringify(now)); } catch { /* then for this page only */ }
});
