// The title of the tab: a count, and a slow change while somebody is offered. Never a name, a number or a word of anybody.
import { effect } from '@preact/signals';
import { second } from './clock.ts';
import { words } from './i18n/words.ts';
import { mine } from './people.ts';
import { rings } from './phone/line.ts';
import { offers, unheeded } from './state.ts';

effect(() => {
  const w = words.value, ringing = offers.value.length + unheeded.value.length + (rings.value ? 1 : 0);
  const n = ringing + mine.value.reduce((sum, c) => sum + c.unread, 0);
  const plain = n > 0 ? `(${n}) ${w.name}` : w.name;
  const other = ringing > 0 && Math.floor(second.value / 4) % 2 === 1;
  document.title = other ? `(${n}) ${w.activity}` : plain;
});
