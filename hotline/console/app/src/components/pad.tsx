// The keys of a telephone, for menus at the other end: each is sent as a tone by the page's own phone.
import { useSignal } from '@preact/signals';
import { words } from '../i18n/words.ts';
import * as line from '../phone/line.ts';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

export function Pad() {
  const pressed = useSignal(''), w = words.value.call;
  function press(key: string) {
    line.digits(key);
    pressed.value = (pressed.value + key).slice(-20);
  }
  return (
    <div class="pad" role="group" aria-label={w.pad}
      onKeyDown={(e) => { if (keys.includes(e.key)) { e.preventDefault(); press(e.key); } }}>
      <p class="pressed" role="status">{pressed.value || w.padHelp}</p>
      {keys.map((k, i) => <button key={k} autofocus={i === 0} onClick={() => press(k)}>{k}</button>)}
    </div>
  );
}
