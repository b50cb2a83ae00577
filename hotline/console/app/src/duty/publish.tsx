// Before changes hold for everybody: what they do, and why.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Dialog, shut } from '../components/dialog.tsx';
import { words as all } from '../i18n/words.ts';
import { news, say } from '../view.ts';
import { attempt } from './ask.ts';
import * as edit from './edit.ts';
import { Fault, Findings } from './parts.tsx';
import { besides, DiffWords } from './weekpage.tsx';
import { words } from './words.ts';

export function Publish() {
  const w = words.value.publish, reason = useSignal(''), fault = useSignal(''), busy = useSignal(false);
  const p = edit.preview.value, zone = edit.saved.value?.rota.zone ?? 'UTC';
  useEffect(() => { if (!p) void edit.look(); }, []);
  const gap = p !== null && p.findings.some((f) => f.kind === 'gap'), why = gap || p !== null && p.findings.some((f) => f.kind === 'last_tier' && f.slot > 0);
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    busy.value = true;
    const done = await attempt(fault, () => edit.publish(reason.value.trim()));
    busy.value = false;
    if (!done) return;
    shut();
    news.value++;
    say(w.done(edit.saved.value?.version ?? 0));
  }
  return (
    <Dialog title={w.title} plain wide>
      <form onSubmit={submit}>
        {p ? <><DiffWords diff={p.diff} zone={zone} /><h3>{words.value.week.findings}</h3><Findings list={besides(p)} zone={zone} more={p.diff.opens.length > 0} /></>
          : <p class="soft" role="status">{words.value.week.looking}</p>}
        <Fault text={edit.fault.value} />
        <p class="field"><label for="why">{w.reason}</label>{why && <small>{gap ? w.reasonGap : w.reasonLast}</small>}
          <textarea id="why" rows={2} maxLength={1000} dir="auto" required={why} value={reason.value} onInput={(e) => { reason.value = e.currentTarget.value; }} /></p>
        <Fault text={fault.value} />
        <p class="right buttons"><button type="button" onClick={shut}>{all.value.cancel}</button>
          <button class="main" disabled={!p || busy.value || why && reason.value.trim() === ''}>{w.submit}</button></p>
      </form>
    </Dialog>
  );
}
