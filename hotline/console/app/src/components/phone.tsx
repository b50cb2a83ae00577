// This page as her phone: a leg that rings here, and in words whether calls can ring here at all.
import { useSignal } from '@preact/signals';
import { words } from '../i18n/words.ts';
import * as line from '../phone/line.ts';
import { check, microphone } from '../phone/microphone.ts';
import { me, model } from '../state.ts';
import { layer } from '../view.ts';

/** A leg that she did not ask for: a colleague wants her in a call. */
export function Incoming({ leg }: { leg: string }) {
  const w = words.value.phone, busy = useSignal(false);
  const c = Object.values(model.value.contacts).find((x) => x.call?.legs.some((l) => l.user === me.value?.id && l.state !== 'over' && l.part === 'guest'));
  const by = c?.assignee ? model.value.users[c.assignee]?.name : '';
  return (
    <div class="ringing incoming">
      <div class="what">
        <strong>{by ? w.asks(by) : w.somebody}</strong>
        <span class="desk">{w.asksHelp}</span>
      </div>
      <button class="no" onClick={line.refuse}>{w.refuse}</button>
      <button class="yes" disabled={busy.value} onClick={() => { busy.value = true; void line.answer(leg); }}>{w.join}</button>
    </div>
  );
}

/** What stands in the way of a call in this page, at the top where it is seen. */
export function PhoneTrouble() {
  const why = line.trouble.value;
  return why ? <button class="small alarm" onClick={() => { layer.value = 'me'; }}>{words.value.phone.short}</button> : null;
}

/** How she is rung, in a sentence, and a way to try the microphone. */
export function PhoneState() {
  const w = words.value.phone, why = line.trouble.value, mine = me.value?.voice ?? 'none';
  if (mine !== 'browser') return <p class="soft">{mine === 'phone' ? w.own : w.noCalls}</p>;
  const says = why ? w.trouble[why] : line.state.value === 'ready' ? w.ready : line.state.value === 'starting' ? w.starting : w.later;
  return (
    <div class="phonestate">
      <p class={why ? 'line warn' : 'soft'} role="status">{says}</p>
      {why !== 'none' && (
        <p class="buttons"><button onClick={() => void check()}>{w.check}</button>
          <span class="soft" role="status">{microphone.value === 'ready' ? <span class="ok">✓ {w.works}</span> : ''}</span></p>
      )}
    </div>
  );
}
