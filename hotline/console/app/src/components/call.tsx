// A call as what it is: how it stands, in words and seconds, who else is in it, and what can be done with it.
import type { ComponentChildren } from 'preact';
import { useSignal } from '@preact/signals';
import { callBack, hangUp, hold, leaveCall, listen, mute } from '../calling.ts';
import * as clock from '../clock.ts';
import { span, ticking, until } from '../format.ts';
import { words } from '../i18n/words.ts';
import { nameOf } from '../people.ts';
import * as line from '../phone/line.ts';
import type { Call, Contact, Leg } from '../protocol.ts';
import { me, model } from '../state.ts';
import { layer } from '../view.ts';
import { Asking } from './asking.tsx';
import * as interpreter from './interpreter.tsx';
import { Pad } from './pad.tsx';

/** How the call stands, in a few words. */
export function standing(c: Contact, k: Call): string {
  const w = words.value.call;
  if (!k.alive && c.work !== 'contact' && !k.talking_since) return w[c.work];
  if (!k.alive) return c.state === 'live' && k.wrap_until ? w.over : w.gone;
  if (c.state !== 'live') return k.dropped ? w.dropped : w.waits;
  if (!k.talking_since) return c.assignee !== me.value?.id ? w.theyConnect : k.by_phone ? w.connectingPhone : w.connecting;
  if (c.assignee !== me.value?.id) return k.held ? w.theyHold : w.theyTalk;
  return k.held ? w.held : k.keys ? w.byKeys : w.talking;
}

/** The same, where there is little room. */
export function briefly(c: Contact, k: Call): string {
  const w = words.value.call;
  if (k.alive && c.state !== 'live') return k.dropped ? w.droppedShort : w.waits;
  return k.alive && k.held ? w.theyHold : standing(c, k);
}

/** What the person wants when the line is lost, in words, or ''. */
function wish(c: Contact): string {
  const w = words.value, said = model.value.talks[c.id]?.triage.if_dropped ?? '';
  return said in w.triage.if_dropped ? w.call.wish(w.triage.if_dropped[said as keyof typeof w.triage.if_dropped]) : '';
}

/** The line under the name: it keeps its place as long as the call is open. */
export function CallLine({ c, k }: { c: Contact; k: Call }) {
  const w = words.value.call, live = c.state === 'live' && k.alive;
  return (
    <div class={live ? 'callline live' : 'callline'}>
      <p role="status">
        <strong>{standing(c, k)}</strong>
        {live && k.muted && c.assignee === me.value?.id && <span class="warn"> · {w.muted}</span>}
        {live && k.by_phone && k.talking_since && <span class="soft"> · {w.onPhone}</span>}
        {live && wish(c) && <span class="soft"> · {wish(c)}</span>}
        {k.silent && <b class="danger"> · {w.silent}</b>}
      </p>
      <Others c={c} k={k} />
      <Search k={k} />
      <Count c={c} k={k} />
    </div>
  );
}

/** Seconds, while they count: of the talk, of the wait, of the time for notes. */
function Count({ c, k }: { c: Contact; k: Call }) {
  clock.second.value;
  clock.minute.value;
  const w = words.value.call;
  if (c.state === 'live' && k.alive && k.talking_since) return <span class="count" aria-hidden="true">{ticking(k.talking_since)}</span>;
  if (c.state === 'live' && k.wrap_until && until(k.wrap_until) > 0) return <span class="soft">{w.notesFor(span(until(k.wrap_until)))}</span>;
  if (c.state !== 'live' && k.alive) return <span class="count" aria-hidden="true">{ticking(c.waiting_since ?? c.opened_at)}</span>;
  return null;
}

/** The search for an interpreter: whom it rings, who came, or that nobody did. */
function Search({ k }: { k: Call }) {
  const s = interpreter.standing(k);
  return <p class={s?.bad ? 'others warn' : 'others'} role="status">{s?.text}</p>;
}

/** Everybody else in the call, by name: nobody listens unseen. Interpreters are told of by their search. */
function Others({ c, k }: { c: Contact; k: Call }) {
  const w = words.value.call;
  const tells = (l: Leg) => l.part === 'guest' && (l.user === k.interpreter?.user || k.interpreter?.rung.includes(l.user));
  const says = k.legs.filter((l) => l.state !== 'over' && !(l.part === 'counsellor' && l.user === c.assignee) && !tells(l)).map((l) => {
    if (l.user === me.value?.id) return l.part === 'listener' ? w.youListen : l.part === 'coach' ? w.youCoach : '';
    if (l.state !== 'up') return w.rung(nameOf(l.user));
    return l.part === 'listener' ? w.listens(nameOf(l.user)) : l.part === 'coach' ? w.coaches(nameOf(l.user)) : w.isIn(nameOf(l.user));
  }).filter(Boolean);
  return says.length > 0 ? <p class="others" role="status">{says.join(' · ')}</p> : null;
}

/** What she can do with a call that is hers: in reach of the thumb, where the answer to a text would be written. */
export function CallFoot({ c, k }: { c: Contact; k: Call }) {
  const w = words.value, panel = useSignal<'' | 'pad' | 'asking' | 'hangup'>('');
  if (!k.alive) return <AfterCall c={c} k={k} />;
  const talking = k.talking_since !== null, here = line.answered.value !== '' && !k.by_phone, off = k.muted || line.muted.value;
  const toggle = (p: typeof panel.value) => () => { panel.value = panel.value === p ? '' : p; };
  const asking = panel.value === 'asking' || k.keys && panel.value === '';
  return (
    <div class="callfoot">
      {asking && <Asking c={c} k={k} close={() => { panel.value = ''; }} />}
      {panel.value === 'pad' && <Pad />}
      {panel.value === 'hangup' && (
        <div class="sure" role="group" aria-label={w.call.hangup}>
          <p>{w.call.sure}</p>
          <p class="buttons">
            <button class="bad" onClick={() => { panel.value = ''; void hangUp(c.id); }}>{w.call.yesHangup}</button>
            <button autofocus onClick={toggle('hangup')}>{w.call.stay}</button>
          </p>
        </div>
      )}
      <div class="controls" role="group" aria-label={w.call.controls}>
        <Control id="mute" on={off} act={() => void mute(c.id, !off)} disabled={!talking}>{off ? w.call.unmute : w.call.mute}</Control>
        <Control on={k.held} act={() => void hold(c.id, !k.held)} disabled={!talking}>{k.held ? w.call.unhold : w.call.hold}</Control>
        <Control on={asking} act={toggle('asking')} opens>{w.call.askByKeys}</Control>
        <Control on={panel.value === 'pad'} act={toggle('pad')} disabled={!here || !talking} opens>{w.call.pad}</Control>
        <Control act={() => { layer.value = 'invite'; }} disabled={!talking}>{w.call.invite}</Control>
        <interpreter.Ring c={c} k={k} />
        <button class="bad" aria-expanded={panel.value === 'hangup'} onClick={toggle('hangup')}>{w.call.hangup}</button>
      </div>
    </div>
  );
}

/** A switch says whether it is on, or whether what it opens is open. */
function Control(p: { id?: string; on?: boolean; opens?: boolean; disabled?: boolean; act(): void; children: ComponentChildren }) {
  const state = p.on === undefined ? {} : p.opens ? { 'aria-expanded': p.on } : { 'aria-pressed': p.on };
  return <button {...(p.id ? { id: p.id } : {})} {...state} disabled={p.disabled ?? false} onClick={p.act}>{p.children}</button>;
}

/** The caller is gone: what is left to do, and no hurry in it. */
function AfterCall({ c, k }: { c: Contact; k: Call }) {
  const w = words.value, back = c.work === 'callback';
  return (
    <p class="foot">
      <span>{back ? w.call.backHelp : k.talking_since ? w.call.finish : w.call.listenFirst} {wish(c) && `${wish(c)}.`}</span>
      <span class="buttons">
        {back && <button class="main" disabled={c.withheld} onClick={() => void callBack(c.id)}>{w.call.callBack}</button>}
        <button class={back ? '' : 'main'} onClick={() => { layer.value = 'close'; }}>{w.end.button}</button>
      </span>
    </p>
  );
}

/** What somebody can do who is in the call, or may be, and does not have it. */
export function Beside({ c, k }: { c: Contact; k: Call }) {
  const w = words.value.call, mine = k.legs.find((l) => l.user === me.value?.id && l.state !== 'over' && l.part !== 'counsellor');
  if (mine) return <button onClick={() => void leaveCall(c.id)}>{mine.part === 'guest' ? w.leave : w.stopListening}</button>;
  if (me.value?.role !== 'supervisor' || !k.talking_since) return null;
  return <>
    <button onClick={() => void listen(c.id, false)}>{w.listen}</button>
    <button onClick={() => void listen(c.id, true)}>{w.coach}</button>
    <interpreter.Ring c={c} k={k} />
  </>;
}
