// Rings while an offer is unanswered, and falls silent the moment it is answered or gone; sounds an alarm.
import { effect } from '@preact/signals';
import { accepting } from './actions.ts';
import { local } from './clock.ts';
import { rings } from './phone/line.ts';
import { alarm, audible, hush, ring } from './sound.ts';
import { offers, unheeded } from './state.ts';

effect(() => {
  const open = offers.value.filter((o) => !accepting.value.includes(o.contact.id));
  const ends = open.map((o) => local(Date.parse(o.expires_at)));
  if (rings.value) ends.push(Date.now() + 60_000); // a colleague's leg: it ends when it ends
  if (ends.length === 0) hush();
  else if (audible.value) ring(Math.max(...ends));
});

/** An alarm sounds until a supervisor has seen it; a bulletin only waits. */
effect(() => {
  const on = unheeded.value.some((a) => !a.bulletin);
  if (audible.value || !on) alarm(on);
});
