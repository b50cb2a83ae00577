// Addresses of calendars: her own, shown when she asks, and that of an interpreter, who has no page to be shown it in.
import { useSignal } from '@preact/signals';
import { since } from '../format.ts';
import type { AtHome } from '../protocol.ts';
import { ask, attempt } from './ask.ts';
import { Card, Fault } from './parts.tsx';
import { words } from './words.ts';

/** Copies an address, or selects it where it stands, to be copied by hand. */
async function copies(url: string, id: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(url);
    return true;
  } catch {
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`#${CSS.escape(id)}`)?.select());
    return false;
  }
}

export function CalendarAddress() {
  const w = words.value.mine, url = useSignal(''), fault = useSignal(''), said = useSignal('');
  async function address() { await attempt(fault, async () => { url.value = (await ask('calendar.address', {})).url; said.value = ''; }); }
  async function copy() { if (await copies(url.value, 'calendar')) said.value = w.copied; }
  async function revoke() {
    if (!await attempt(fault, () => ask('calendar.revoke', {}))) return;
    url.value = '';
    said.value = w.revoked;
  }
  return (
    <Card title={w.calendar}>
      <p class="soft">{w.calendarHelp}</p>
      {url.value && <p class="field"><label for="calendar">{w.addressLabel}</label><input id="calendar" readOnly value={url.value} onFocus={(e) => e.currentTarget.select()} /></p>}
      <p class="buttons">
        {url.value ? <button onClick={() => void copy()}>{w.copy}</button> : <button onClick={() => void address()}>{w.address}</button>}
        <button class="text" onClick={() => void revoke()}>{w.revoke}</button>
        <span role="status" class="ok">{said.value && `✓ ${said.value}`}</span>
      </p>
      <Fault text={fault.value} />
    </Card>
  );
}

/** An interpreter's: made to be handed over, shown once, made anew or ended. What ends another is said before. */
export function CalendarOf({ of, name, again }: { of: AtHome; name: string; again(): void }) {
  const w = words.value.handed, m = words.value.mine, url = useSignal(''), fault = useSignal(''), sure = useSignal(false), said = useSignal(''), id = `calendar-${of.user}`;
  async function make() {
    sure.value = false;
    said.value = '';
    if (!await attempt(fault, async () => { url.value = (await ask('calendar.give', { user: of.user })).url; })) return;
    if (await copies(url.value, id)) said.value = m.copied;
    again();
  }
  async function end() {
    if (!await attempt(fault, () => ask('calendar.take', { user: of.user }))) return;
    url.value = '';
    said.value = m.revoked;
    again();
  }
  return (
    <div class="handed">
      {of.calendar_at && !url.value && <small>{w.has(since(of.calendar_at))}</small>}
      {url.value && <><input id={id} aria-label={w.of(name)} readOnly value={url.value} onFocus={(e) => e.currentTarget.select()} /><small class="warn">{w.once}</small></>}
      {sure.value
        ? <div class="line warn"><p>{w.sure}</p><p class="buttons"><button class="small main" onClick={() => void make()}>{w.yes}</button><button class="text" onClick={() => { sure.value = false; }}>{words.value.test.no}</button></p></div>
        : <p class="buttons"><button class="small" aria-label={`${of.calendar_at ? w.anew : w.make}: ${name}`} onClick={() => { if (of.calendar_at) sure.value = true; else void make(); }}>{of.calendar_at ? w.anew : w.make}</button>
          {of.calendar_at && <button class="text" aria-label={`${m.revoke}: ${name}`} onClick={() => void end()}>{m.revoke}</button>}</p>}
      <small role="status" class="ok">{said.value && `✓ ${said.value}`}</small>
      <Fault text={fault.value} />
    </div>
  );
}
