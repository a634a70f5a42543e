// The script of the ops page. It asks with a bearer that lives in sessionStorage (never in a cookie, never in an
// address), and takes the server's HTML in element by element: only the names listed below ever get into the page.
'use strict';
(() => {
  const base = '/admin/ops/', store = 'relaypack-ops';
  const $ = id => document.getElementById(id);
  const tags = new Set(('A B BUTTON CODE DATALIST DD DETAILS DIV DL DT FIGURE H3 H4 INPUT LABEL LI MARK METER OL OPTION P PRE ' +
    'PROGRESS SECTION SPAN STRONG SUMMARY TABLE TBODY TD TH THEAD TIME TR UL ' +
    'svg g path title desc text line rect circle polyline polygon tspan').split(' '));
  const attributes = new Set(('class id type value min max hidden scope role datetime open tabindex checked ' +
    'viewBox preserveAspectRatio d x y x1 x2 y1 y2 cx cy r points width height text-anchor transform xmlns').split(' '));
  const allowed = name => attributes.has(name) || name.startsWith('data-') || name.startsWith('aria-');
  const policy = window.trustedTypes ? trustedTypes.createPolicy('relaypack', {createHTML: html => html}) : {createHTML: html => html};
  const parse = html => new DOMParser().parseFromString(policy.createHTML(html), 'text/html').body; // inert: nothing in it runs or loads

  // ---- taking HTML in
  const copy = from => {
    if (from.nodeType === Node.TEXT_NODE) return document.createTextNode(from.data);
    const to = document.createElementNS(from.namespaceURI, from.localName);
    morph(to, from);
    return to;
  };
  const fits = node => node.nodeType === Node.TEXT_NODE || node.nodeType === Node.ELEMENT_NODE && tags.has(node.nodeName);
  // Between two updates a reader's own doing stays: what is open, what was typed, what has the focus.
  const kept = (el, name) => name === 'open' && el.nodeName === 'DETAILS' || name === 'value' && el.nodeName === 'INPUT';
  function morph(to, from) {
    for (const {name, value} of [...from.attributes]) if (allowed(name) && !kept(to, name) && to.getAttribute(name) !== value) to.setAttribute(name, value);
    for (const {name} of [...to.attributes]) if (!from.hasAttribute(name) && !kept(to, name) && name !== 'title') to.removeAttribute(name);
    if (to.nodeName === 'INPUT' && to.type === 'checkbox') to.checked = from.hasAttribute('checked');
    if (to.nodeName === 'TIME') return tell(to);
    if (to.nodeName === 'text' && (to.dataset.at || from.textContent === 'UTC')) return tellTick(to, from.textContent);
    if (to.nodeName === 'PRE') return;
    fill(to, from);
  }
  function fill(to, from) {
    const fresh = [...from.childNodes].filter(fits);
    const byId = new Map([...to.children].filter(c => c.dataset.id).map(c => [c.dataset.id, c]));
    let at = to.firstChild;
    for (const node of fresh) {
      const mine = node.dataset && node.dataset.id && byId.get(node.dataset.id);
      if (mine && mine !== at) to.insertBefore(mine, at), at = mine;
      if (at && at.nodeName === node.nodeName && (mine || !(at.dataset && at.dataset.id) && !(node.dataset && node.dataset.id))) {
        if (node.nodeType === Node.TEXT_NODE) { if (at.data !== node.data) at.data = node.data; } else morph(at, node);
        at = at.nextSibling;
      } else to.insertBefore(copy(node), at);
    }
    while (at) { const next = at.nextSibling; at.remove(); at = next; }
  }
  const show = (id, html) => { const el = $(id); if (el) fill(el, parse(html)); };

  // ---- times: in the reader's zone, UTC on hover; ages by the agent's clock
  let ahead = 0; // of the agent's clock before ours, ms
  const time = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
  const day = new Intl.DateTimeFormat(undefined, {month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
  const short = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
  const date = new Intl.DateTimeFormat(undefined, {month: 'short', day: 'numeric'});
  const zone = (new Intl.DateTimeFormat('en', {timeZoneName: 'short'}).formatToParts().find(p => p.type === 'timeZoneName') || {value: ''}).value;
  const now = () => Date.now() + ahead;
  function span(ms) {
    let s = Math.max(0, Math.round(ms / 1000));
    for (const [of, name, less, part] of [[86400, 'd', 3600, 'h'], [3600, 'h', 60, 'min'], [60, 'min', 1, 's']]) {
      if (s >= of) return Math.floor(s / of) + ' ' + name + (s % of >= less ? ' ' + Math.floor(s % of / less) + ' ' + part : '');
    }
    return s + ' s';
  }
  function tell(el) {
    const ms = Number(el.dataset.age || el.dataset.at), at = new Date(ms);
    const text = el.dataset.age ? span(now() - ms) + ('bare' in el.dataset ? '' : ' ago')
      : Math.abs(now() - ms) < 12 * 3600e3 ? time.format(at) : day.format(at);
    if (el.textContent !== text) el.textContent = text;
    const title = at.toISOString().replace('T', ' ').replace('Z', ' UTC');
    if (el.title !== title) el.title = title;
  }
  function tellTick(el, utc) {
    if (!el.dataset.at) return void (el.textContent = zone);
    const at = new Date(Number(el.dataset.at)), form = {second: time, time: short, day: date}[el.dataset.form];
    const text = form ? form.format(at) : utc;
    if (el.textContent !== text) el.textContent = text;
  }

  // ---- asking
  const credential = () => sessionStorage.getItem(store);
  class Refused extends Error { constructor(status, detail) { super(detail); this.status = status; } }
  async function ask(path, {method = 'POST', body, bearer = credential(), signal} = {}) {
    const headers = {Authorization: 'Bearer ' + bearer};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    let res;
    try {
      res = await fetch(path, {method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body), credentials: 'omit', cache: 'no-store', redirect: 'error'});
    } catch (e) {
      if (e.name === 'AbortError') throw e;
      throw new Refused(0, 'The agent cannot be reached.');
    }
    if (res.ok) return res;
    let p = {};
    try { p = await res.json(); } catch { /* no problem details: the status says enough */ }
    if (res.status === 401 && bearer === credential()) leave('Your session has ended. Sign in again.');
    throw new Refused(res.status, p.detail || 'The agent answered ' + res.status + '.');
  }

  // ---- signing in and out
  $('sign-in').addEventListener('submit', async e => {
    e.preventDefault();
    const box = $('bearer'), bearer = box.value.trim();
    $('door-note').textContent = 'Signing in …';
    try {
      const res = await ask(base + 'session', {bearer});
      sessionStorage.setItem(store, (await res.json()).credential);
      box.value = '';
      enter();
    } catch (err) {
      $('door-note').textContent = err.status === 401 ? 'This is not the admin token.' : err.message;
      box.select();
    }
  });
  $('sign-out').addEventListener('click', async () => {
    try { await ask(base + 'session', {method: 'DELETE'}); } catch { /* it has ended, or the agent has */ }
    leave('You are signed out.');
  });
  function enter() {
    $('door').hidden = true;
    $('page').hidden = false;
    $('door-note').textContent = '';
    route();
    live();
    $('content').focus({preventScroll: true});
  }
  function leave(why) {
    if (!credential() && $('page').hidden) return;
    sessionStorage.removeItem(store);
    stop();
    if ($('exporter').open) $('exporter').close();
    for (const id of ['state', 'verdict', 'tiles', 'charts', 'sources', 'latest', 'people', 'process', 'found-events', 'gaps', 'trace', 'sessions', 'sockets', 'incidents', 'packs', 'delivery', 'rules', 'self', 'preview', 'session-ids']) $(id).replaceChildren();
    $('page').hidden = true;
    $('door').hidden = false;
    $('door-note').textContent = why;
    $('bearer').focus();
  }
  let touched = Date.now();
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => { // whoever works with the page stays signed in
    if (!credential() || $('notice').hidden && Date.now() - touched < 60e3) return;
    touched = Date.now();
    $('notice').hidden = true;
    ask(base + 'session', {method: 'PUT'}).catch(() => {});
  });

  // ---- live
  let stream = null, retry = 0, again = 0, paused = false;
  const link = (kind, text) => { $('link').className = 'dot ' + kind; if ($('link').textContent !== text) $('link').textContent = text; };
  function stop() { if (stream) stream.abort(); stream = null; clearTimeout(again); }
  async function live() {
    stop();
    if (paused || document.hidden || !credential()) return;
    const mine = stream = new AbortController();
    try {
      const res = await ask(base + 'live', {method: 'GET', signal: mine.signal});
      const reader = res.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const {value, done} = await reader.read();
        if (done) break;
        retry = 0;
        link('good', 'live');
        rest += value;
        const blocks = rest.split('\n\n');
        rest = blocks.pop();
        for (const block of blocks) take(block);
      }
    } catch (err) {
      if (err.name === 'AbortError' || !credential()) return;
    }
    if (stream !== mine) return;
    link('bad', 'not connected');
    again = setTimeout(live, Math.min(10e3, 500 * 2 ** retry++));
  }
  function take(block) {
    let name = '', data = [];
    for (const line of block.split('\n')) {
      if (line.startsWith('event: ')) name = line.slice(7);
      else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
    const html = data.join('\n');
    if (name === 'clock') ahead = Number(html) - Date.now();
    else if (name === 'expired') leave('Your session has ended. Sign in again.');
    else if (name === 'rows') arrived(html);
    else if (name === 'left') warn('You will be signed out in ' + span(Number(html)) + '. Press any key to stay.', 12e3);
    else if (name && name !== 'stopping') show(name, html);
    if (name === 'sessions') suggest();
    if (name === 'state') { // told to a screen reader when it changes, not with each second
      const word = $('state').querySelector('.pill').dataset.word;
      if ($('spoken').textContent !== 'Relay: ' + word) $('spoken').textContent = 'Relay: ' + word;
    }
  }
  document.addEventListener('visibilitychange', () => document.hidden ? stop() : live());
  $('pause').addEventListener('click', () => {
    paused = !paused;
    $('pause').textContent = paused ? 'Go on' : 'Pause';
    if (paused) { stop(); link('warn', 'paused'); } else live();
  });
  setInterval(() => { if (!paused) for (const el of document.querySelectorAll('#page:not([hidden]) time[data-age]')) tell(el); }, 1000);
  function suggest() {
    const ids = new Set();
    for (const dt of $('sessions').querySelectorAll('dt')) if (dt.textContent === 'sessionId') ids.add(dt.nextElementSibling.textContent);
    $('session-ids').replaceChildren(...[...ids].map(id => { const o = document.createElement('option'); o.value = id; return o; }));
  }

  // ---- views
  function route() {
    const want = location.hash.slice(1), views = [...document.querySelectorAll('[data-view]')];
    const view = views.some(v => v.dataset.view === want) ? want : 'overview';
    for (const v of views) v.hidden = v.dataset.view !== view;
    for (const a of $('views').children) a.hash === '#' + view ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current');
    if (view === 'events' && credential()) query();
  }
  addEventListener('hashchange', () => { route(); scrollTo(0, 0); });
  document.querySelector('.skip').addEventListener('click', e => { e.preventDefault(); $('content').focus(); });

  // ---- events
  let shown = {};
  const values = form => Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, v.trim()]).filter(([, v]) => v));
  async function query() {
    const q = values($('filter'));
    for (const name of ['from', 'to']) if (q[name]) q[name] = new Date(q[name]).getTime();
    try {
      show('found-events', await (await ask(base + 'events', {body: q})).text());
      shown = q;
    } catch (err) { if (err.status !== 401) show('found-events', ''), warn(err.message); }
  }
  $('filter').addEventListener('submit', e => { e.preventDefault(); query(); });
  $('filter').addEventListener('reset', () => setTimeout(query));
  function arrived(html) { // new events that fit what is asked for go on top
    const list = $('rows');
    if (!list) return;
    const session = $('matched').dataset.session;
    const fits = li => (!shown.class || li.dataset.class === shown.class) && (!shown.type || li.dataset.type === shown.type) &&
      (!shown.sessionId || session && li.dataset.session === session) && (!shown.from || li.dataset.when >= shown.from) &&
      (!shown.to || li.dataset.when <= shown.to) && (!shown.text || li.textContent.toLowerCase().includes(shown.text.toLowerCase()));
    const there = new Set([...list.children].map(li => li.dataset.id));
    const fresh = [...parse(html).children].filter(li => fits(li) && !there.has(li.dataset.id)).map(copy);
    if (fresh.length && list.nextElementSibling) list.nextElementSibling.remove(); // "No kept event fits."
    list.prepend(...fresh);
    while (list.children.length > 300) list.lastElementChild.remove();
  }
  let warned = 0;
  function warn(text, ms = 8000) {
    $('notice').textContent = text;
    $('notice').hidden = false;
    clearTimeout(warned);
    warned = setTimeout(() => { $('notice').hidden = true; }, ms);
  }

  // ---- trace
  $('trace-form').addEventListener('submit', async e => {
    e.preventDefault();
    const q = values(e.target);
    if (q.durationSec) q.durationSec = Number(q.durationSec);
    try {
      const trace = await (await ask('/api/ops/trace/start', {body: q})).json();
      $('trace-note').textContent = 'The trace runs.';
      $('export-form').elements.traceId.value = trace.traceId;
      follow(trace.traceId);
    } catch (err) { $('trace-note').textContent = err.message; }
  });
  async function follow(traceId) {
    try {
      show('trace', await (await ask(base + 'trace', {body: {traceId}})).text());
      const state = $('trace').querySelector('[data-trace]');
      if (state && state.dataset.done === 'false') setTimeout(() => { if (credential()) follow(traceId); }, 2000);
      else $('trace-note').textContent = 'The trace is done. The next pack has it, unless you empty the field.';
    } catch (err) { $('trace-note').textContent = err.message; }
  }

  // ---- what can be done with a session of the list
  document.addEventListener('click', e => {
    const button = e.target.closest('button[data-act]');
    if (!button) return;
    const {act, session} = button.dataset;
    if (act === 'trace') {
      $('trace-form').elements.sessionId.value = session;
      $('trace-form').requestSubmit();
      $('trace-form').scrollIntoView({block: 'center'});
    } else if (act === 'events') {
      $('filter').reset();
      $('filter').elements.sessionId.value = session;
      location.hash = 'events';
    } else {
      form.elements.sessionId.value = session;
      $('export').click();
    }
  });

  // ---- kept packs
  async function save(res) {
    const name = /filename="([^"]+)"/.exec(res.headers.get('Content-Disposition') || '');
    const a = document.createElement('a');
    a.href = URL.createObjectURL(await res.blob());
    a.download = name ? name[1] : 'support-pack.json';
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 60e3);
  }
  document.addEventListener('click', async e => {
    const button = e.target.closest('button[data-pack]');
    if (!button) return;
    try { await save(await ask('/api/ops/packs/' + encodeURIComponent(button.dataset.pack), {method: 'GET'})); } catch (err) { warn(err.message); }
  });

  // ---- export
  const box = $('exporter'), form = $('export-form');
  let turn = 0;
  $('export').addEventListener('click', () => { box.showModal(); build(); });
  $('close-export').addEventListener('click', () => box.close());
  form.addEventListener('submit', e => { e.preventDefault(); build(); });
  form.addEventListener('input', () => { ready(false); $('exact').textContent = 'The form has changed: build again to see what would leave.'; });
  const leftOut = () => [...$('preview').querySelectorAll('[data-leave]:checked')].map(c => c.dataset.leave);
  async function build(body) {
    const mine = ++turn, began = Date.now();
    ready(false);
    $('export-note').hidden = true;
    $('building').hidden = false;
    const progress = () => { $('building-note').textContent = 'Building: asking the relay, joining what was recorded, reading all of it once more … ' + ((Date.now() - began) / 1000).toFixed(1) + ' s'; };
    progress();
    const ticking = setInterval(progress, 100);
    try {
      if (!body) {
        const q = values(form);
        body = {sessionId: q.sessionId, traceId: q.traceId, includeConfig: 'includeConfig' in q, leaveOut: leftOut()};
      }
      const html = await (await ask(base + 'preview', {body})).text();
      if (mine !== turn) return;
      show('preview', html);
      for (const pre of $('preview').querySelectorAll('pre')) pre.textContent = ''; // of the pack before
      for (const open of $('preview').querySelectorAll('details.part[open]')) content(open);
      $('search-form').hidden = false;
      ready(true);
      $('exact').textContent = 'What you download are exactly the bytes shown here.';
    } catch (err) {
      if (mine !== turn || err.status === 401) return;
      $('export-note').textContent = err.message;
      $('export-note').hidden = false;
    } finally {
      clearInterval(ticking);
      if (mine === turn) $('building').hidden = true;
    }
  }
  const hold = () => $('held').dataset.hold;
  $('preview').addEventListener('change', e => { if (e.target.dataset.leave) build({hold: hold(), leaveOut: leftOut()}); });
  async function content(part) {
    const pre = part.querySelector('pre');
    if (pre.textContent) return;
    try { pre.textContent = await (await ask(base + 'preview/part', {body: {hold: hold(), part: part.dataset.part}})).text(); } catch (err) { pre.textContent = err.message; }
  }
  $('preview').addEventListener('toggle', e => { if (e.target.open && e.target.classList.contains('part')) content(e.target); }, true);
  $('search-form').addEventListener('submit', async e => {
    e.preventDefault();
    try { show('found', await (await ask(base + 'preview/search', {body: {hold: hold(), text: e.target.elements.text.value}})).text()); } catch (err) { $('export-note').textContent = err.message; $('export-note').hidden = false; }
  });
  const ready = yes => { $('download').disabled = $('report').disabled = !yes; };
  async function download(report) {
    try {
      await save(await ask(base + 'preview/pack', {body: {hold: hold(), report}}));
      $('exact').textContent = 'Downloaded: support-pack-' + $('held').dataset.pack + (report ? '.html, made of the pack that is shown' : '.json');
    } catch (err) { $('export-note').textContent = err.message; $('export-note').hidden = false; }
  }
  $('download').addEventListener('click', () => download(false));
  $('report').addEventListener('click', () => download(true));

  if (credential()) enter(); else $('bearer').focus();
})();
