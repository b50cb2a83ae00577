// The switch for being called while the page is closed, a try, and in words what stands in the way.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { words } from '../i18n/words.ts';
import * as push from '../push.ts';

export function Pushes() {
  const w = words.value.push, said = useSignal(''), why = push.why.value, never = why === 'old' || why === 'home';
  useEffect(() => { void push.look(); }, []);
  async function tried() {
    const n = await push.test();
    said.value = n > 0 ? w.sent(n) : w.nobody;
  }
  return (
    <div class="phonestate">
      <p><label class="check"><input type="checkbox" checked={push.on.value} disabled={push.busy.value || never} onChange={(e) => { said.value = ''; void push.turn(e.currentTarget.checked); }} /><span>{w.label}</span></label></p>
      <p class={why ? 'line warn' : 'soft'} role="status">{why ? w.why[why] : w.help}</p>
      {push.on.value && <p class="buttons"><button onClick={() => void tried()}>{w.test}</button><span class="soft" role="status">{said.value}</span></p>}
    </div>
  );
}
