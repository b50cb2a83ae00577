// Stands in every page under test before its own script: tells of what the page's policy refused, and finds what a
// person would press.
addEventListener('securitypolicyviolation', (e) => breach(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));

globalThis.there = (() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const top = () => [...document.querySelectorAll('dialog[open]')].pop() ?? document.body;
  const name = (e) => (e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || '').replace(/\s+/g, ' ').trim();
  const named = (list, words) => list.find((e) => name(e) === words) ?? list.find((e) => name(e).startsWith(words));

  /** What can be pressed under that name; the whole name goes before its beginning. In a dialog, only what is in it. */
  function control(words) {
    const all = [...top().querySelectorAll('button, label, a, summary, [role=option]')];
    return named(all.filter((e) => shown(e) && !e.disabled), words) ?? null;
  }

  /** Where a finger would touch it; null while it is away, or something lies over it. */
  function spot(e) {
    if (!e || !shown(e)) return null;
    e.scrollIntoView({ block: 'nearest' });
    const r = e.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
    const hit = document.elementFromPoint(x, y);
    return hit && e.contains(hit) ? [x, y] : null;
  }

  const says = () => document.body?.innerText ?? '';
  const holds = (words) => name(document.activeElement).startsWith(words);
  const bubbles = () => [...document.querySelectorAll('.bubble > p')].map((p) => p.innerText);

  /** What can be pressed and is less than so many pixels high or wide. A choice is as large as its label. */
  function small(least) {
    const all = [...top().querySelectorAll('button, select, summary, label:has(input), input:not(label input), textarea')].filter(shown);
    const tiny = (r) => r.height < least - 0.5 || r.width < least - 0.5;
    return all.filter((e) => tiny(e.getBoundingClientRect())).map((e) => {
      const r = e.getBoundingClientRect();
      return `${name(e)} (${Math.round(r.width)} by ${Math.round(r.height)})`;
    });
  }

  return { small, control, spot, says, holds, bubbles };
})();
