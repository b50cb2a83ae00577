// The address of her own calendar: shown when she asks, copied, made invalid.
import { useSignal } from '@preact/signals';
import { ask, attempt } from './ask.ts';
import { Card, Fault } from './parts.tsx';
import { words } from './words.ts';

export function CalendarAddress() {
  const w = words.value.mine, url = useSignal(''), fault = useSignal(''), said = useSignal('');
  async function address() { await attempt(fault, async () => { url.value = (await ask('calendar.address', {})).url; said.value = ''; }); }
  async function copy() {
    try {
      await navigator.clipboard.writeText(url.value);
      said.value = w.copied;
    } catch {
      document.querySelector<HTMLInputElement>('#calendar')?.select(); // then by hand
    }
  }
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
