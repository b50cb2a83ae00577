// Before a change is saved: the gaps that it opens and closes, whose duty changes, and why, when somebody is left alone.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Commands } from '../protocol.ts';
import { ask, useZone, why } from './ask.ts';
import { Fault } from './parts.tsx';
import { DiffWords } from './weekpage.tsx';
import { words } from './words.ts';

type Args = Commands['rota.try']['args'];

export interface Trial {
  value: Commands['rota.try']['result'] | null;
  /** Why it could not be done at all */
  fault: string;
  /** It leaves whoever calls alone at times */
  gap: boolean;
  looking: boolean;
}

/** Asks what a change would do, once she rests for a moment; null: there is nothing to ask yet. */
export function useTrial(args: Args | null): Trial {
  const value = useSignal<Trial['value']>(null), fault = useSignal(''), of = useSignal(''), key = JSON.stringify(args);
  useEffect(() => {
    if (!args) return;
    let wanted = true;
    const settle = (text: string, result: Trial['value']) => { if (wanted) { value.value = result; fault.value = text; of.value = key; } };
    const timer = setTimeout(() => { ask('rota.try', args).then((r) => settle('', r), (e) => settle(why(e), null)); }, 300);
    return () => { wanted = false; clearTimeout(timer); };
  }, [key]);
  const known = args !== null && of.value === key, v = known ? value.value : null;
  return { value: v, fault: known ? fault.value : '', gap: v !== null && v.diff.opens.length > 0, looking: args !== null && !known };
}

/** Whether it may be saved: what it does was shown, and a gap has its reason. */
export function may(t: Trial, reason: string): boolean {
  return !t.looking && (!t.gap || reason.trim() !== '');
}

/** The reason as it is sent, when there is one. */
export function because(reason: string): { reason?: string } {
  return reason.trim() ? { reason: reason.trim() } : {};
}

/** What a change does, and with reason the field for it. */
export function Before({ trial: t, reason, id }: { trial: Trial; reason?: Signal<string>; id?: string }) {
  const w = words.value.publish, zone = useZone();
  return (
    <div class="before" aria-live="polite">
      {t.looking && <p class="soft">{words.value.week.looking}</p>}
      {t.value && <DiffWords diff={t.value.diff} zone={zone} />}
      <Fault text={t.fault} />
      {reason && id && t.gap && <p class="field"><label for={id}>{w.reason}</label><small>{w.reasonGap}</small>
        <textarea id={id} rows={2} maxLength={1000} dir="auto" required value={reason.value} onInput={(e) => { reason.value = e.currentTarget.value; }} /></p>}
    </div>
  );
}
