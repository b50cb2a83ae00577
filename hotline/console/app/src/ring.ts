// Rings while an offer is unanswered, and falls silent the moment it is answered or gone.
import { effect } from '@preact/signals';
import { accepting } from './actions.ts';
import { local } from './clock.ts';
import { audible, hush, ring } from './sound.ts';
import { offers } from './state.ts';

effect(() => {
  const open = offers.value.filter((o) => !accepting.value.includes(o.contact.id));
  if (open.length === 0) hush();
  else if (audible.value) ring(local(Math.max(...open.map((o) => Date.parse(o.expires_at)))));
});
