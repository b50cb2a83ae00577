// The note between two shifts: read with the contacts that were open, and written for the next.
import { useSignal } from '@preact/signals';
import { select } from '../actions.ts';
import { draft, write } from '../drafts.ts';
import { title } from '../format.ts';
import { model } from '../state.ts';
import { ask, attempt, name } from './ask.ts';
import { Card, Fault } from './parts.tsx';
import type { Handover } from './types.ts';
import { words } from './words.ts';
import { moment } from './zone.ts';

export function ReadHandover({ handover: h, zone, again }: { handover: Handover; zone: string; again(): void }) {
  const w = words.value.handover, fault = useSignal('');
  async function read() { if (await attempt(fault, () => ask('duty.handover.read', { handover: h.id }))) again(); }
  return (
    <Card title={w.title} loud={!h.read_at}>
      <p class="soft">{w.from(name(h.by), moment(h.at, zone))}</p>
      <p class="notewords" dir="auto">{h.note}</p>
      <h3>{w.open}</h3>
      {h.open.length === 0 && <p class="soft">{w.noneOpen}</p>}
      <ul class="plain buttons">
        {h.open.map((id) => {
          const c = model.value.contacts[id];
          return <li key={id}><button class="small" onClick={() => select(id)}>{c ? title(c) : `#${id.slice(-4)}`}</button></li>;
        })}
      </ul>
      {h.read_at ? <p class="ok">✓ {w.wasRead}</p> : <p><button class="main tall" onClick={() => void read()}>{w.read}</button></p>}
      <Fault text={fault.value} />
    </Card>
  );
}

/** The note is kept in the tab as every draft, until it is left. */
export function Note({ line }: { line: string }) {
  const w = words.value.handover, fault = useSignal(''), saved = useSignal(false);
  const text = draft('note', `handover ${line}`);
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    if (!await attempt(fault, () => ask('duty.handover', { line, note: text.trim() }))) return;
    write('note', `handover ${line}`, '');
    saved.value = true;
  }
  return (
    <Card title={w.write}>
      <form onSubmit={submit}>
        <p class="field"><label class="unseen" for="note-handover">{w.write}</label><small>{w.writeHelp}</small>
          <textarea id="note-handover" rows={3} dir="auto" value={text} onInput={(e) => { saved.value = false; write('note', `handover ${line}`, e.currentTarget.value); }} /></p>
        <Fault text={fault.value} />
        <p class="buttons"><button disabled={text.trim() === ''}>{w.save}</button><span role="status" class="ok">{saved.value && `✓ ${w.saved}`}</span></p>
      </form>
    </Card>
  );
}
