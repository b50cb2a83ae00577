// Immediate danger: one press from any conversation. What to ask, what to do, since when; and how it ended.
import { useSignal } from '@preact/signals';
import { triage } from '../actions.ts';
import { danger, raised, safe } from '../calling.ts';
import * as clock from '../clock.ts';
import { ticking, title } from '../format.ts';
import { words } from '../i18n/words.ts';
import type { Contact } from '../protocol.ts';
import { me, model, open, sentence } from '../state.ts';
import { layer, say } from '../view.ts';
import { Dialog, shut } from './dialog.tsx';

/** Whether she may say it of this person: whoever has her, and supervisors. */
export function mayRaise(c: Contact | null): c is Contact {
  return c !== null && c.state !== 'closed' && (me.value?.role === 'supervisor' || c.state === 'live' && c.assignee === me.value?.id);
}

export function DangerButton({ c }: { c: Contact }) {
  const w = words.value.danger;
  if (!mayRaise(c) || c.danger_since || raised.value[c.id]) return null;
  return <button class="small bad raise" title={w.help} onClick={() => danger(c)}>{w.button} <kbd class="desk">!</kbd></button>;
}

/** What stands over the words while somebody is in danger. */
export function Danger({ c, since }: { c: Contact; since: string }) {
  const w = words.value.danger, shown = useSignal(true);
  clock.second.value;
  const chiefs = Object.values(model.value.users).filter((u) => u.role === 'supervisor' && u.id !== me.value?.id).map((u) => u.name);
  return (
    <section class="emergency" aria-label={w.title}>
      <div class="head">
        <h3>{w.title} <span class="count" aria-hidden="true">{ticking(since)}</span></h3>
        <span class="buttons">
          <button class="small" aria-expanded={shown.value} onClick={() => { shown.value = !shown.value; }}>{shown.value ? w.less : w.more}</button>
          {c.danger_since && mayRaise(c) && <button class="small" onClick={() => { layer.value = 'safe'; }}>{w.end}</button>}
        </span>
      </div>
      <p class="call112"><strong>{w.call112}</strong> {w.cannot}</p>
      {shown.value && <>
        <ol>{w.script.map((s) => <li key={s}>{s}</li>)}</ol>
        <p role="status">{!c.danger_since ? w.telling : me.value?.role === 'supervisor' ? w.youAreTold : chiefs.length > 0 ? w.told(chiefs.join(', ')) : w.nobodyTold}</p>
        <Child c={c} />
      </>}
    </section>
  );
}

/** Under 18, or nobody knows: then it is a child until somebody knows better. */
function Child({ c }: { c: Contact }) {
  const w = words.value.danger, age = model.value.talks[c.id]?.triage.age_band ?? 'unknown';
  const child = age === 'under_18', unsure = ['unknown', 'not_asked', 'declined', ''].includes(age);
  if (!child && !unsure) return null;
  return (
    <div class="child">
      <p><strong>{child ? w.child : w.unsure}</strong></p>
      <ul>{w.childPath.map((s) => <li key={s}>{s}</li>)}</ul>
      {unsure && (
        <p class="buttons">
          <button class="small" onClick={() => triage(c.id, { age_band: 'under_18' })}>{w.isChild}</button>
          <button class="small" onClick={() => triage(c.id, { age_band: '18_24' })}>{w.isYoung}</button>
          <button class="small" onClick={() => triage(c.id, { age_band: '25_49' })}>{w.isAdult}</button>
        </p>
      )}
    </div>
  );
}

/** What is kept as the ground and the outcome, by the key of its words. */
const grounds = {
  vital: 'vital interests: told to emergency services', consent: 'consent of the person', duty: 'duty to notify about a child', none: 'nothing was told to anybody',
} as const;
const outcomes = { safe: 'safe now', help: 'help is with the person', lost: 'contact was lost', mistake: 'raised by mistake', other: '' } as const;

/** The end of it: on which ground something was told, and what came of it. Both are asked for. */
export function Safe() {
  const w = words.value.danger, c = open.value, ground = useSignal<keyof typeof grounds | ''>(''), outcome = useSignal<keyof typeof outcomes | ''>('');
  const who = useSignal(''), own = useSignal(''), fault = useSignal('');
  if (!c?.danger_since) return null;
  const id = c.id;
  const why = ground.value && [grounds[ground.value], who.value.trim()].filter(Boolean).join(': ');
  const what = outcome.value && [outcomes[outcome.value], own.value.trim()].filter(Boolean).join(': ');
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    fault.value = await safe(id, why, what);
    if (fault.value) return;
    shut();
    say(w.ended);
  }
  return (
    <Dialog title={w.endTitle}>
      <form onSubmit={submit}>
        <p class="soft">{title(c)}</p>
        <fieldset class="choices">
          <legend>{w.outcome}</legend>
          {(Object.keys(outcomes) as (keyof typeof outcomes)[]).map((key, i) => (
            <label key={key}><input type="radio" name="came" value={key} autofocus={i === 0} checked={outcome.value === key} onChange={() => { outcome.value = key; }} /><span>{w.outcomes[key]}</span></label>
          ))}
        </fieldset>
        <p class="field"><label for="came">{w.own}</label><input id="came" type="text" dir="auto" maxLength={1000} value={own.value} onInput={(e) => { own.value = e.currentTarget.value; }} /></p>
        <fieldset class="choices">
          <legend>{w.ground}</legend>
          {(Object.keys(grounds) as (keyof typeof grounds)[]).map((key) => (
            <label key={key}><input type="radio" name="ground" value={key} checked={ground.value === key} onChange={() => { ground.value = key; }} /><span>{w.grounds[key]}</span></label>
          ))}
        </fieldset>
        <p class="field"><label for="who">{w.who}</label><input id="who" type="text" dir="auto" maxLength={500} value={who.value} onInput={(e) => { who.value = e.currentTarget.value; }} /></p>
        {fault.value && <p class="line danger" role="alert">{sentence(fault.value)}</p>}
        <p class="right buttons"><button type="button" onClick={shut}>{words.value.cancel}</button><button class="main" disabled={!why || !what}>{w.submit}</button></p>
      </form>
    </Dialog>
  );
}
