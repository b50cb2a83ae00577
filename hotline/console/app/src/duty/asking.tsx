// A supervisor asks people for their wishes: each gets an address of her own, which the supervisor sends by her own means.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as clock from '../clock.ts';
import type { Ask, AskedPerson } from '../protocol.ts';
import { ask, attempt, line, name, now, useAnswer } from './ask.ts';
import { Fault } from './parts.tsx';
import { words } from './words.ts';
import { moment, monday, plus, shortDay, today } from './zone.ts';

export function AskForWishes({ zone }: { zone: string }) {
  const w = words.value.asking, asked = useAnswer('wish.asked', { line: line.value }), fault = useSignal('');
  const open = asked.value?.ask ?? null;
  useEffect(() => { if (open) asked.again(); }, [clock.minute.value]); // people answer by any of the house's machines
  async function withdraw() {
    if (await attempt(fault, () => ask('wish.withdraw', { line: line.value }))) asked.again();
  }
  return (
    <details class="card airy" open={!!open}><summary>{open ? w.isAsked(shortDay(open.from), shortDay(open.to)) : w.title}</summary>
      <p class="soft">{w.help}</p>
      <Fault text={fault.value} />
      {open && <People of={open} zone={zone} again={asked.again} />}
      {open && <p><button class="text" onClick={() => void withdraw()}>{w.withdraw}</button></p>}
      {open ? <details><summary>{w.anew}</summary><Days fault={fault} again={asked.again} anew zone={zone} /></details> : <Days fault={fault} again={asked.again} anew={false} zone={zone} />}
    </details>
  );
}

function Days({ fault, again, anew, zone }: { fault: Signal<string>; again(): void; anew: boolean; zone: string }) {
  const w = words.value.asking, first = plus(monday(today(now(), zone)), 14), from = useSignal(first), to = useSignal(plus(first, 13));
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    if (await attempt(fault, () => ask('wish.ask', { line: line.value, from: from.value, to: to.value }))) again();
  }
  return (
    <form onSubmit={submit}>
      {anew && <p class="line warn">{w.anewHelp}</p>}
      <div class="bar-form">
        <p class="field"><label for="ask-from">{words.value.fill.from}</label><input id="ask-from" type="date" required min={today(now(), zone)} value={from.value} onInput={(e) => { from.value = e.currentTarget.value; }} /></p>
        <p class="field"><label for="ask-to">{words.value.fill.to}</label><input id="ask-to" type="date" required min={from.value} value={to.value} onInput={(e) => { to.value = e.currentTarget.value; }} /></p>
        <button>{w.submit}</button>
      </div>
    </form>
  );
}

function People({ of, zone, again }: { of: Ask; zone: string; again(): void }) {
  const w = words.value.asking, answered = of.people.filter((p) => p.answered).length;
  return (
    <>
      <p><b>{w.answered(answered, of.people.length)}</b> <span class="soft">{w.until(moment(of.ends, zone))}</span></p>
      <ul class="plain rows">
        {[...of.people].sort((a, b) => name(a.user).localeCompare(name(b.user))).map((p) => <Person key={p.user} of={p} zone={zone} again={again} />)}
      </ul>
    </>
  );
}

/** The address is asked for only when it is wanted: each time is in the record. */
function Person({ of, zone, again }: { of: AskedPerson; zone: string; again(): void }) {
  const w = words.value.asking, fault = useSignal(''), url = useSignal(''), copied = useSignal(false), id = `link-${of.user}`;
  async function copy() {
    copied.value = false;
    if (!await attempt(fault, async () => { url.value = (await ask('wish.link', { line: line.value, user: of.user })).url; })) { again(); return; }
    try {
      await navigator.clipboard.writeText(url.value);
      copied.value = true;
    } catch {
      requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`#${CSS.escape(id)}`)?.select()); // then by hand
    }
  }
  return (
    <li>
      <span><b>{name(of.user)}</b>
        <small class={of.answered ? 'ok' : ''}>{of.answered ? `✓ ${w.hasAnswered(moment(of.answered, zone))}` : of.opened ? w.hasOpened(moment(of.opened, zone)) : w.notOpened}</small>
        {url.value && <input id={id} aria-label={w.linkOf(name(of.user))} readOnly value={url.value} onFocus={(e) => e.currentTarget.select()} />}
        <Fault text={fault.value} /></span>
      <span class="buttons"><span role="status" class="ok">{copied.value && `✓ ${words.value.mine.copied}`}</span>
        <button class="small" aria-label={`${w.copy}: ${name(of.user)}`} onClick={() => void copy()}>{w.copy}</button></span>
    </li>
  );
}
