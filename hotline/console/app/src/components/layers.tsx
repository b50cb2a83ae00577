// What covers everything. While a layer stands, no word of anybody is in the page.
import { words } from '../i18n/words.ts';
import { offers, unheeded, wire } from '../state.ts';
import { hidden } from '../view.ts';

export function Hidden() {
  const w = words.value;
  return (
    <main class="sheet">
      <h1>{w.hidden.title}</h1>
      <p>{w.hidden.text}</p>
      {offers.value.length + unheeded.value.length > 0 && <p role="status"><strong>{w.activity}</strong></p>}
      <p><button class="main" autofocus onClick={() => { hidden.value = false; }}>{w.hidden.show}</button></p>
    </main>
  );
}

export function Replaced() {
  const w = words.value.replaced;
  return (
    <main class="sheet">
      <h1>{w.title}</h1>
      <p>{w.text}</p>
      <p><button class="main" autofocus onClick={() => wire.start()}>{w.use}</button></p>
    </main>
  );
}
