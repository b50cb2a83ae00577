// Notes of staff: never changed, only followed by a revision that stands in front of what it revises.
import { useSignal } from '@preact/signals';
import { addNote } from '../actions.ts';
import { draft, write } from '../drafts.ts';
import { when } from '../format.ts';
import { words } from '../i18n/words.ts';
import { nameOf } from '../people.ts';
import type { Note } from '../protocol.ts';
import { sentence } from '../state.ts';
import { focus } from '../view.ts';

/** A note as it reads now, with what it said before, newest first. */
interface Chain {
  now: Note;
  before: Note[];
}

export function chains(notes: Note[]): Chain[] {
  const by = new Map(notes.map((n) => [n.id, n]));
  const revised = new Set(notes.map((n) => n.revises));
  return notes.filter((n) => !revised.has(n.id)).map((now) => {
    const before: Note[] = [];
    for (let n = by.get(now.revises); n; n = by.get(n.revises)) before.push(n);
    return { now, before };
  });
}

export function Notes(p: { contact: string; notes: Note[] }) {
  const w = words.value.notes, revises = useSignal<Note | null>(null);
  return (
    <section class="notes" aria-labelledby="notes-title">
      <h2 id="notes-title">{w.title}</h2>
      {p.notes.length === 0 && <p class="soft">{w.none}</p>}
      <ul class="plain">
        {chains(p.notes).map((c) => (
          <Entry key={c.now.id} chain={c} revise={() => {
            revises.value = c.now;
            if (!draft('note', p.contact)) write('note', p.contact, c.now.text);
            focus('note');
          }} />
        ))}
      </ul>
      <Editor contact={p.contact} revises={revises.value} done={() => { revises.value = null; }} />
    </section>
  );
}

function Entry({ chain, revise }: { chain: Chain; revise(): void }) {
  const w = words.value, { now, before } = chain, first = before[before.length - 1] ?? now;
  return (
    <li class="note">
      <p dir="auto" class="words">{now.text}</p>
      <p class="meta">
        {nameOf(now.by)} · <time dateTime={first.at}>{when(first.at)}</time>
        {before.length > 0 && ` · ${w.notes.revised(when(now.at))}`}
        <button class="text" onClick={revise}>{w.notes.revise}</button>
      </p>
      {before.length > 0 && (
        <details>
          <summary>{w.notes.before} ({before.length})</summary>
          {before.map((n) => <p key={n.id} dir="auto" class="words soft">{n.text} <span class="meta">{when(n.at)}</span></p>)}
        </details>
      )}
    </li>
  );
}

function Editor({ contact, revises, done }: { contact: string; revises: Note | null; done(): void }) {
  const w = words.value.notes, text = draft('note', contact), busy = useSignal(false), fault = useSignal('');
  async function save() {
    if (text.trim() === '' || busy.value) return;
    busy.value = true;
    const why = await addNote(contact, text, revises?.id ?? '');
    busy.value = false;
    fault.value = why;
    if (why) return;
    write('note', contact, '');
    done();
  }
  return (
    <form class="editor" onSubmit={(e) => { e.preventDefault(); void save(); }}>
      {revises && <p class="line">{w.revising(when(revises.at))} <button type="button" class="text" onClick={() => { done(); write('note', contact, ''); }}>{words.value.cancel}</button></p>}
      <label for="note">{w.label}</label>
      <textarea id="note" rows={4} dir="auto" value={text}
        onInput={(e) => { fault.value = ''; write('note', contact, e.currentTarget.value); }}
        onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !e.isComposing) { e.preventDefault(); void save(); } }} />
      {fault.value && <p class="danger" role="alert">{fault.value === 'doubt' ? w.doubt : `${w.failed} ${sentence(fault.value)}`}</p>}
      <p class="right"><button disabled={busy.value || text.trim() === ''}>{busy.value ? w.saving : w.save}</button></p>
    </form>
  );
}
