// Ready phrases: hers beside theirs. One press puts one into the reply, one key sends it through the same way as any reply.
import { useSignal } from '@preact/signals';
import { send } from '../actions.ts';
import { draft, write } from '../drafts.ts';
import { language } from '../format.ts';
import { lang, words } from '../i18n/words.ts';
import { closest, languages, phrases, reviewed, type PhraseLanguage } from '../phrases.ts';
import { open } from '../state.ts';
import { focus } from '../view.ts';
import { Dialog, shut } from './dialog.tsx';

export function Phrases() {
  const w = words.value.phrases, c = open.value;
  const theirs = useSignal<PhraseLanguage>(closest(c?.language || c?.guess || ''));
  if (!c) return null;
  const id = c.id, to = theirs.value, signed = reviewed[to];
  function insert(text: string) {
    const there = draft('reply', id);
    write('reply', id, there ? `${there.trimEnd()} ${text}` : text);
    shut();
    focus('reply');
  }
  function now(text: string) {
    shut();
    send(id, text);
    focus('reply');
  }
  return (
    <Dialog title={w.title} wide>
      <div class="phrasehead">
        <label for="theirs">{w.language}</label>
        <select id="theirs" value={to} onChange={(e) => { theirs.value = e.currentTarget.value as PhraseLanguage; }}>
          {languages.map((l) => <option key={l} value={l}>{language(l)}</option>)}
        </select>
        <span class={signed ? 'soft' : 'warn'}>{signed ? w.signed(signed) : w.unreviewed}</span>
      </div>
      <p class="soft desk">{w.help}</p>
      <ul class="plain phrases" onKeyDown={move}>
        {phrases.map((p, i) => (
          <li key={p.id}>
            <button class="phrase" autofocus={i === 0} onClick={() => insert(p[to])}
              onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); now(p[to]); } }}>
              {to !== lang.value && <span class="ours" lang={lang.value}>{p[lang.value]}</span>}
              <span class="theirs" lang={to} dir="auto">{p[to]}</span>
            </button>
            <button class="small" aria-label={`${w.send}: ${p[lang.value]}`} onClick={() => now(p[to])}>{w.send}</button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function move(e: KeyboardEvent): void {
  const rows = [...(e.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.phrase')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[e.key];
  if (to === undefined) return;
  e.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
}
