// "I can't just now", by one key from anywhere: it is done at once, who answers is said, and one press takes it back.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Dialog, shut } from '../components/dialog.tsx';
import { words as all } from '../i18n/words.ts';
import { ask, attempt, useZone } from './ask.ts';
import { Fault, tier } from './parts.tsx';
import type { Relieved } from './types.ts';
import { words } from './words.ts';
import { hm } from './zone.ts';

/** Who answers for her, and until when. */
export function answersFor(r: Relieved, zone: string): string {
  const w = words.value.mine, until = hm(r.until, zone);
  return r.answers.people > 0 ? w.answers(tier(r.answers.tier), r.answers.people, until) : w.nobodyAnswers(until);
}

export default function Relief() {
  const w = words.value.mine, zone = useZone(), fault = useSignal(''), done = useSignal<Relieved | null>(null);
  async function relieve() { await attempt(fault, async () => { done.value = await ask('duty.relieve', {}); }); }
  async function back() { if (await attempt(fault, () => ask('duty.back', {}))) shut(); }
  useEffect(() => { void relieve(); }, []);
  const r = done.value;
  return (
    <Dialog title={w.cannotNow} plain>
      <div role="status">{r && <><p class={r.answers.people > 0 ? '' : 'line danger'}>{answersFor(r, zone)}</p><p class="soft">{w.noWhy}</p></>}</div>
      <Fault text={fault.value} />
      <p class="right buttons">{r && <button onClick={() => void back()}>{w.undo}</button>}<button class="main" onClick={shut}>{all.value.close}</button></p>
    </Dialog>
  );
}
