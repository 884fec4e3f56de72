'use strict';
(() => {
  const began = performance.now();
  const $ = id => document.getElementById(id);
  const data = JSON.parse($('data').textContent);
  const words = data.words;
  const FIRST = 8;         // names that may cover marks, never other names
  const LISTED = 500;
  const CLUTTER = 1500;    // marks that names keep clear of, most important first
  const CROWD = 1500;      // nodes beyond which the whole is a disc: the page opens on one organisation
  const WHITE = '#FFFFFF';
  const RAMP = ['#F7F7F7', '#CFE0E8', '#8FB8CF', '#3F84AD', '#0B4A6F'];

  const nodes = data.nodes.map(([id, name, mark, x, y, degree, label, outside, about]) =>
    ({id, name, mark: data.marks[mark], kind: mark, x, y, degree, outside, about, lines: label.split('\n'), search: plain(name), near: new Map()}));
  const at = new Map(nodes.map((node, i) => [node.id, i]));
  data.edges.forEach(([a, b], i) => { nodes[a].near.set(b, i); nodes[b].near.set(a, i) });
  const hidden = new Set(), faded = new Set();
  let focus = -1, steps = 1, cursor = -1, fitted = 1, drawn = [], year = 0, size = data.metrics[0], color = null;
  let order = [], rank = new Map(), reach = null;

  function plain(text) { return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().trim() }
  function number(value) { return value === null ? '–' : value.toLocaleString(data.lang, {useGrouping: 'always', maximumFractionDigits: value >= 100 ? 0 : 3}) }
  function filled(text, values) { return text.replace(/\{(\w+)\}/g, (all, key) => key in values ? values[key] : all) }
  function element(tag, text) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // ---- years: a tie is there if one of its spells reaches the year; one without dates always is
  const spells = i => data.spells[data.edges[i][6]];
  const inYear = i => !year || spells(i).some(([from, to]) => from <= year && year <= to);
  const undated = i => spells(i).some(([from, to]) => from <= 1 && to >= 9999);
  const tiesOf = i => { let n = 0; for (const edge of nodes[i].near.values()) if (inYear(edge)) n++; return n };
  const count = i => year ? tiesOf(i) : nodes[i].degree;

  // ---- how large and in which colour each mark is
  const value = (metric, i) => metric.values[i] === null || metric.values[i] < 0 ? 0 : metric.values[i];
  function ranked() {
    order = nodes.map((_, i) => i).sort((a, b) => value(size, b) - value(size, a) || nodes[b].degree - nodes[a].degree || a - b);
    rank = new Map(order.map((i, place) => [i, place]));
    const top = Math.max(...size.values.map(one => one || 0), 1e-9);
    nodes.forEach((node, i) => {
      const r = (2 + 6 * Math.sqrt(value(size, i) / top)) * (node.mark[1] === WHITE ? .75 : 1);
      node.r = Math.min(r, node.outside ? 2.6 : 99) * data.units;
    });
    scale(top);
  }
  function classes(metric) {
    const some = metric.values.filter(one => one > 0).sort((a, b) => a - b);
    const cuts = [...new Set([.25, .5, .75].map(share => some[Math.floor(share * some.length)]))].filter(one => one !== undefined);
    return {cuts, of: i => value(metric, i) === 0 ? 0 : 1 + cuts.filter(cut => value(metric, i) >= cut).length};
  }
  const shade = i => color === null ? nodes[i].mark.slice(1, 3) : [RAMP[color.of(i)], '#33475B'];
  const off = i => hidden.has(nodes[i].kind) || color !== null && faded.has(color.of(i));

  // ---- the map: places are given, nothing moves by itself, vis writes no label and no tooltip
  let grown = 1;
  const dim = i => reach ? (reach.has(i) ? 1 : .1) : year && !tiesOf(i) ? .2 : 1;
  function mark(i) {
    const node = nodes[i], [background, border] = shade(i);
    return {id: i, x: node.x, y: node.y, size: node.r * grown, shape: node.mark[0], borderWidth: background === WHITE ? 2 : 1, opacity: dim(i),
      hidden: off(i), color: {background, border, highlight: {background, border: '#000'}, hover: {background, border: '#000'}}};
  }
  const line = i => ({id: i, from: data.edges[i][0], to: data.edges[i][1], width: data.edges[i][2] * grown,
    color: {color: data.ties[data.edges[i][4]], opacity: .55}});
  function wanted() {
    const all = focus < 0 ? data.edges.flatMap((edge, i) => edge[3] ? [i] : [])
      : [...new Set([...nodes[focus].near.values(), ...(steps > 1 ? data.edges.flatMap((edge, i) => edge[3] && reach.has(edge[0]) && reach.has(edge[1]) ? [i] : []) : [])])];
    return all.filter(i => inYear(i) && !off(data.edges[i][0]) && !off(data.edges[i][1]));
  }
  // how many steps from the one in focus, and through whom
  function reached() {
    if (focus < 0) return null;
    const found = new Map([[focus, [0, -1]]]);
    let border = [focus];
    for (let step = 1; step <= steps; step++) {
      const next = [];
      for (const i of border)
        for (const j of [...nodes[i].near.keys()].sort((a, b) => rank.get(a) - rank.get(b)))
          if (!found.has(j) && !off(j) && inYear(nodes[i].near.get(j))) { found.set(j, [step, i]); next.push(j) }
      border = next;
    }
    return found;
  }
  ranked();
  const asked = new URLSearchParams(location.hash.slice(1));
  if (at.has(asked.get('i'))) focus = at.get(asked.get('i'));
  else if (nodes.length > CROWD) focus = order[0];
  reach = reached();
  let sent = nodes.map((_, i) => mark(i));
  const marks = new vis.DataSet(sent), lines = new vis.DataSet(wanted().map(line));
  sent = sent.map(one => JSON.stringify(one));
  const many = nodes.length > 800;
  const network = new vis.Network($('map'), {nodes: marks, edges: lines}, {
    physics: false, layout: {improvedLayout: false}, autoResize: true,
    nodes: {chosen: false},
    edges: {smooth: false, hoverWidth: 0, selectionWidth: 1},
    interaction: {hover: true, hideEdgesOnDrag: many, hideEdgesOnZoom: many, tooltipDelay: 1e9, zoomSpeed: .6, dragNodes: false,
      keyboard: {enabled: false}},
  });
  $('map').firstElementChild.tabIndex = -1;

  // marks and lines grow with the square root of the zoom, so that zooming in makes room
  const growth = () => Math.sqrt(fitted / network.getScale());
  let timer = 0;
  function resize() {
    if (Math.abs(growth() / grown - 1) < .05) return;
    grown = growth();
    redraw(false);
  }
  network.on('zoom', () => { clearTimeout(timer); timer = setTimeout(resize, 120) });
  function redraw(other = true) {
    const changed = [];
    nodes.forEach((_, i) => {
      const one = mark(i), text = JSON.stringify(one);
      if (text !== sent[i]) { sent[i] = text; changed.push(one) }
    });
    marks.update(changed);
    if (!other) { lines.update(lines.getIds().map(i => ({id: i, width: data.edges[i][2] * grown}))); return }
    const now = new Set(wanted());
    lines.remove(lines.getIds().filter(i => !now.has(i)));
    lines.update([...now].map(line));
  }

  // ---- names: most important first, as many as fit, in screen pixels at every zoom
  const SIDES = [[0, 1], [0, -1], [1, 0], [-1, 0], [.7, 1], [-.7, 1], [.7, -1], [-.7, -1]];
  function lead(ctx, x, y, box) {
    ctx.save();
    ctx.lineWidth = 1;
    ctx.strokeStyle = '#1a1a1a';
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(Math.max(box[0], Math.min(x, box[2])), Math.max(box[1], Math.min(y, box[3])));
    ctx.stroke();
    ctx.restore();
  }
  const apart = (a, b) => a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
  const seen = i => !off(i) && dim(i) === 1;
  function spot(i) {
    const zoom = network.getScale(), centre = network.getViewPosition(), box = $('map');
    return [(nodes[i].x - centre.x) * zoom + box.clientWidth / 2, (nodes[i].y - centre.y) * zoom + box.clientHeight / 2, nodes[i].r * grown * zoom];
  }
  const widths = new Map();
  function widthOf(ctx, i) {
    const key = ctx.font + i;
    if (!widths.has(key)) widths.set(key, Math.max(...nodes[i].lines.map(text => ctx.measureText(text).width)));
    return widths.get(key);
  }
  network.on('afterDrawing', ctx => {
    const zoom = network.getScale();
    const width = $('map').clientWidth, height = $('map').clientHeight;
    const most = Math.round(width * height / 20000 * Math.min(3, Math.max(1, zoom / fitted)));
    const candidates = (focus < 0 ? order : [focus, ...order.filter(i => i !== focus && reach.has(i))]).filter(i => {
      const [x, y] = spot(i);
      return seen(i) && x > 0 && y > 0 && x < width && y < height;
    });
    const bodies = candidates.slice(0, CLUTTER).map((i, place) => {
      const [x, y, r] = spot(i);
      return [x - r * .8, y - r * .8, x + r * .8, y + r * .8, i, place < most];
    });
    drawn = [];
    ctx.save();
    ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    ctx.lineJoin = 'round';
    ctx.strokeStyle = 'rgba(255,255,255,.92)';
    ctx.lineWidth = 3;
    ctx.fillStyle = '#1a1a1a';
    // few are tried beyond those asked for: minor names must not fill the gaps that better known ones leave
    candidates.slice(0, Math.ceil(most * 1.5)).forEach((i, place) => {
      if (drawn.length >= most) return;
      const node = nodes[i], [x, y, r] = spot(i), first = place < FIRST;
      ctx.font = (first ? '600 ' : '') + '13px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
      const w = widthOf(ctx, i), h = 16 * node.lines.length;
      let best = null;
      for (const away of first ? [2, 16, 32, 52] : [2])
        for (const [dx, dy] of SIDES) {
          const cx = x + dx * (r + away + w / 2), top = y + dy * (r + away + h / 2) - h / 2;
          const box = [cx - w / 2 - 2, top, cx + w / 2 + 2, top + h];
          if (box[0] < 0 || box[2] > width || box[1] < 0 || box[3] > height) continue;
          if (!drawn.every(other => apart(box, other.box))) continue;
          const covered = bodies.filter(body => body[4] !== i && !apart(box, body));
          if (!first && covered.some(body => body[5])) continue;
          const cost = covered.reduce((sum, body) => sum + (body[5] ? 4 : 1), 0) + away / 10;
          if (!best || cost < best.cost) best = {cost, box, cx, top, away};
        }
      if (!best) return;
      drawn.push({id: node.id, box: best.box});
      if (best.away > 2) lead(ctx, x, y, best.box);
      node.lines.forEach((text, n) => {
        ctx.strokeText(text, best.cx, best.top + 16 * n);
        ctx.fillText(text, best.cx, best.top + 16 * n);
      });
    });
    for (const [i, stroke] of [[focus, '#1a1a1a'], [cursor, '#1f4e8c']])
      if (i >= 0) {
        const [x, y, r] = spot(i);
        ctx.strokeStyle = stroke;
        ctx.lineWidth = i === cursor ? 3 : 2;
        ctx.beginPath();
        ctx.arc(x, y, r + 5, 0, 7);
        ctx.stroke();
      }
    ctx.restore();
  });

  // ---- what is shown: kinds not hidden; in focus one node and those within some steps
  function show() {
    reach = reached();
    grown = growth();
    redraw();
    legend();
    about();
    list();
  }
  function relation(i, from = focus) {
    const edge = data.edges[nodes[from].near.get(i)], ahead = edge[0] === from ? 1 : -1;
    return data.relations[edge[5]].map(([word, way]) => way === 0 ? word : way === ahead ? word + ' →' : '← ' + word).join(' · ');
  }
  function list() {
    const query = plain($('q').value), near = focus >= 0 && !query;
    const all = near ? order.filter(i => reach.has(i)).sort((a, b) => reach.get(a)[0] - reach.get(b)[0]) : order;
    const found = all.filter(i => !off(i) && (near || !year || query || tiesOf(i)) && (!query || nodes[i].search.includes(query)));
    $('list').replaceChildren(...found.slice(0, LISTED).map((i, place) => {
      const node = nodes[i], button = element('button', node.name + ' · ' + number(size.key === 'degree' ? count(i) : size.values[i]));
      button.type = 'button';
      button.dataset.id = node.id;
      button.tabIndex = place ? -1 : 0;  // one stop for Tab, arrows within
      if (i === focus) button.setAttribute('aria-current', 'true');
      else if (near) {
        const [step, through] = reach.get(i);
        button.append(element('small', step === 1 ? relation(i) : filled(words.through, {steps: step, name: nodes[through].name})));
      }
      button.onclick = () => { pick(i); $('list').querySelector('button')?.focus(); beside() };
      const item = element('li');
      item.append(button);
      return item;
    }));
    $('heading').textContent = near ? words.near : words.list;
    $('count').textContent = near ? (nodes[focus].near.size < nodes[focus].degree ? filled(words.part, {n: number(nodes[focus].near.size), m: number(nodes[focus].degree)}) : '') : number(found.length) + ' ' + words.found + ' · ' + filled(year ? words.byEver : words.by, {name: size.name}) + (found.length > LISTED ? ' · ' + filled(words.first, {n: number(LISTED)}) : '');
  }
  function told(i) {
    return nodes[i].name + ' — ' + nodes[i].mark[3] + ', ' + number(count(i)) + ' ' + words.degree +
      (size !== data.metrics[0] || size.key !== 'degree' ? ', ' + size.name + ': ' + number(size.values[i]) : '');
  }
  function about() {
    $('about').hidden = focus < 0;
    if (focus < 0) return;
    const node = nodes[focus];
    $('who').textContent = node.name;
    $('facts').textContent = [node.mark[3], node.about, ...data.metrics.map(one => one.name + ': ' + number(one.values[focus]))].filter(Boolean).join(' · ');
    for (const button of document.querySelectorAll('[data-steps]')) button.setAttribute('aria-pressed', String(Number(button.dataset.steps) === steps));
  }
  // a page within a page has no address of its own
  function remember(id) {
    if (location.protocol === 'about:' || origin === 'null' && location.protocol !== 'file:') return;
    history.replaceState(null, '', id === undefined ? location.pathname + location.search : '#i=' + encodeURIComponent(id) + (steps > 1 ? '&s=' + steps : ''));
  }
  function pick(i, zoom = 2.2, told = true) {
    focus = i;
    cursor = -1;
    $('q').value = '';
    network.moveTo({position: {x: nodes[i].x, y: nodes[i].y}, scale: fitted * zoom, animation: false});
    show();
    beside();
    if (told) remember(nodes[i].id);
  }
  // the card of the one in focus and the list of its ties, side by side with the map
  function beside() { const side = $('about').parentElement; side.scrollTop += $('about').getBoundingClientRect().top - side.getBoundingClientRect().top }
  function reset() {
    focus = cursor = -1;
    steps = 1;
    $('q').value = '';
    hideTip();
    if (nodes.length) network.fit({animation: false});
    show();
    remember();
  }
  function zoom(factor) { network.moveTo({scale: network.getScale() * factor}); resize() }
  function open(first) {
    const asked = new URLSearchParams(location.hash.slice(1)), scale = Number(asked.get('z')), wide = Number(asked.get('s'));
    const i = at.has(asked.get('i')) ? at.get(asked.get('i')) : first && focus >= 0 ? focus : -1;
    if (i < 0) return false;
    if ([1, 2, 3].includes(wide)) steps = wide;
    pick(i, scale > 0 && scale < 50 ? scale : 2.2, false);
    return true;
  }

  // ---- the side: legend that filters, sizes, colours, years, search, list
  const SHAPES = {dot: 'M9 2a7 7 0 1 0 .01 0z', square: 'M3 3h12v12h-12z', diamond: 'M9 1l8 8-8 8-8-8z', triangle: 'M9 1l8 15h-16z',
    hexagon: 'M5 2h8l4 7-4 7h-8l-4-7z', star: 'M9 0l2.6 6 6.4.5-5 4.2 1.6 6.3-5.6-3.4-5.6 3.4 1.6-6.3-5-4.2 6.4-.5z'};
  function drawing(size, line) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const path = document.createElementNS(svg.namespaceURI, 'path');
    for (const [key, value] of Object.entries({...size, 'aria-hidden': 'true'})) svg.setAttribute(key, value);
    for (const [key, value] of Object.entries(line)) path.setAttribute(key, value);
    svg.append(path);
    return svg;
  }
  function sign([shape, fill, stroke]) {
    return drawing({width: 18, height: 18}, {d: SHAPES[shape], fill, stroke, 'stroke-width': fill === WHITE ? 2 : 1});
  }
  function filter(set, key, icon, text) {
    const button = element('button');
    button.type = 'button';
    button.dataset.kind = key;
    button.setAttribute('aria-pressed', String(!set.has(key)));
    button.append(icon, element('span', text));
    button.onclick = () => {
      if (!set.delete(key)) set.add(key);
      show();
      document.querySelector(`#${set === hidden ? 'kinds' : 'classes'} button[data-kind="${CSS.escape(String(key))}"]`)?.focus();
    };
    return button;
  }
  function legend() {
    $('kinds').replaceChildren(...Object.entries(data.marks).map(([kind, mark]) =>
      filter(hidden, kind, sign(color === null ? mark : [mark[0], '#FFFFFF', '#33475B']), mark[3] + ' (' + number(mark[4]) + ')')));
    const bounds = color === null ? [] : [0, ...color.cuts];
    $('classes').replaceChildren(...(color === null ? [] : [0, ...color.cuts.map((_, k) => k + 1), color.cuts.length + 1]).map(k => {
      const members = nodes.filter((_, i) => color.of(i) === k).length;
      const text = k === 0 ? number(0) : k === 1 ? filled(words.below, {high: number(color.cuts[0] ?? 0)})
        : k > color.cuts.length ? filled(words.from, {low: number(bounds[k - 1])})
          : filled(words.between, {low: number(bounds[k - 1]), high: number(bounds[k])});
      return members ? filter(faded, k, sign(['dot', RAMP[k], '#33475B']), text + ' (' + number(members) + ')') : '';
    }));
  }
  // three open circles at round values
  function scale(top) {
    const round = value => { const unit = 10 ** Math.floor(Math.log10(value)); return Math.max(...[1, 2, 5, 10].filter(step => step * unit <= value * 1.0001)) * unit };
    const values = top > 1e-9 ? [...new Set([1, .35, .08].map(share => round(top * share)))] : [];
    $('scale').replaceChildren(...values.map(value => {
      const r = 2 + 6 * Math.sqrt(value / top), span = element('span');
      span.append(drawing({width: 18, height: 18}, {d: `M9 ${9 - r}a${r} ${r} 0 1 0 .01 0z`, fill: 'none', stroke: '#595959'}), number(value));
      return span;
    }));
    $('size-says').textContent = size.says;
  }
  function choice(select, options, chosen) {
    select.replaceChildren(...options.map(([value, text]) => {
      const option = element('option', text);
      option.value = value;
      option.selected = value === chosen;
      return option;
    }));
  }
  const metrics = data.metrics.map(one => [one.key, one.name]);
  choice($('size'), metrics, size.key);
  choice($('color'), [['', words.kind], ...metrics], '');
  $('size').onchange = () => { size = data.metrics.find(one => one.key === $('size').value); ranked(); show() };
  $('color').onchange = () => {
    const chosen = data.metrics.find(one => one.key === $('color').value);
    faded.clear();
    color = chosen ? {...classes(chosen), metric: chosen} : null;
    $('color-says').textContent = chosen ? chosen.says : '';
    show();
  };
  if (data.years) {
    const [from, to] = data.years, always = data.edges.filter((_, i) => undated(i)).length;
    $('time').hidden = false;
    $('year').min = from;
    $('year').max = to;
    $('year').value = to;
    const set = () => {
      year = $('every').checked ? 0 : Number($('year').value);
      $('shown-year').textContent = year || from + '–' + to;
      $('year').setAttribute('aria-valuetext', year ? String(year) : words.every);
      const n = data.edges.filter((_, i) => inYear(i)).length;
      $('year-says').textContent = filled(year ? words.inYear : words.allYears, {year, n: number(n), undated: number(always)});
    };
    $('every').onchange = () => { set(); show() };
    $('year').oninput = () => { $('every').checked = false; set(); show() };
    set();
  }
  for (const [stroke, word] of data.lines) {
    const item = element('li');
    item.append(drawing({width: 18, height: 6}, {d: 'M0 3h18', stroke, 'stroke-width': 2}), element('span', word));
    $('lines').append(item);
  }
  $('q').oninput = list;
  $('q').onkeydown = event => { if (event.key === 'Enter') $('list').querySelector('button')?.focus() };
  $('list').onkeydown = event => {
    const all = [...$('list').querySelectorAll('button')], at = all.indexOf(document.activeElement);
    const next = all[{ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1}[event.key]];
    if (at < 0 || !next) return;
    event.preventDefault();
    all[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
  for (const button of document.querySelectorAll('[data-steps]'))
    button.onclick = () => { steps = Number(button.dataset.steps); show(); remember(nodes[focus].id) };
  $('in').onclick = () => zoom(1.5);
  $('out').onclick = () => zoom(1 / 1.5);
  $('all').onclick = reset;
  $('back').onclick = () => { reset(); $('q').focus() };
  addEventListener('keydown', event => { if (event.key === 'Escape' && (focus >= 0 || cursor >= 0)) reset() });
  addEventListener('hashchange', () => open(false));

  // ---- the map by keyboard: arrows go from mark to mark, Enter looks closer
  const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  function ahead(from, [dx, dy]) {
    const [x, y] = spot(from);
    let best = -1, least = Infinity;
    nodes.forEach((_, i) => {
      if (i === from || !seen(i)) return;
      const [a, b] = spot(i), along = (a - x) * dx + (b - y) * dy, aside = Math.abs((a - x) * dy) + Math.abs((b - y) * dx);
      const cost = along + 2 * aside;
      if (along > 1 && cost < least) { least = cost; best = i }
    });
    return best;
  }
  $('map').addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in WAYS) {
      if (event.shiftKey) {
        const centre = network.getViewPosition(), step = 80 / network.getScale();
        network.moveTo({position: {x: centre.x + WAYS[event.key][0] * step, y: centre.y + WAYS[event.key][1] * step}});
      } else {
        const start = cursor >= 0 ? cursor : focus;
        move(start < 0 ? order.find(seen) ?? -1 : ahead(start, WAYS[event.key]));
      }
    } else if (event.key === 'Enter' && cursor >= 0) {
      const i = cursor;
      pick(i);
      say(told(i));
    } else if (event.key === '+' || event.key === '=') zoom(1.5);
    else if (event.key === '-') zoom(1 / 1.5);
    else if (event.key === '0') reset();
    else return;
    event.preventDefault();
  });
  function move(i) {
    if (i < 0) return;
    cursor = i;
    const [x, y] = spot(i);
    if (x < 30 || y < 30 || x > $('map').clientWidth - 30 || y > $('map').clientHeight - 30) network.moveTo({position: {x: nodes[i].x, y: nodes[i].y}});
    network.redraw();
    tip(told(i), ...spot(i));
    say(told(i));
  }
  $('map').addEventListener('blur', () => { if (cursor >= 0) { cursor = -1; hideTip(); network.redraw() } });
  function say(text) { $('said').textContent = text }

  // ---- what the pointer is over
  function tip(text, x, y) {
    $('tip').textContent = text;
    $('tip').style.display = 'block';
    $('tip').style.left = Math.max(0, Math.min(x + 12, $('map').clientWidth - 300)) + 'px';
    $('tip').style.top = Math.max(0, Math.min(y + 12, $('map').clientHeight - 70)) + 'px';
  }
  function hideTip() { $('tip').style.display = 'none' }
  network.on('click', event => {
    if (event.nodes.length) pick(event.nodes[0]);
    else if (focus >= 0) reset();
  });
  network.on('hoverNode', ({node, pointer}) => tip(told(node), pointer.DOM.x, pointer.DOM.y));
  network.on('blurNode', hideTip);
  function spoken(edge) {
    return data.relations[data.edges[edge][5]].map(([word, way]) => way === 0 ? word : way === 1 ? word + ' →' : '← ' + word).join('\n');
  }
  network.on('hoverEdge', ({edge, pointer}) => {
    const [a, b] = data.edges[edge];
    tip(nodes[a].name + ' – ' + nodes[b].name + '\n' + spoken(edge), pointer.DOM.x, pointer.DOM.y);
  });
  network.on('blurEdge', hideTip);

  // ---- the picture as it stands, with what it means
  function picture() {
    const box = $('map'), map = box.querySelector('canvas'), ratio = map.width / box.clientWidth;
    const kinds = Object.values(data.marks), rows = Math.ceil(kinds.length / 4);
    const made = element('canvas'), ctx = made.getContext('2d'), width = box.clientWidth, head = 60;
    ctx.font = '12px system-ui, sans-serif';
    const said = [''];
    for (const part of document.querySelector('footer').textContent.split(' · ')) {
      const longer = said.at(-1) ? said.at(-1) + ' · ' + part : part;
      if (ctx.measureText(longer).width > width - 32) said.push(part); else said[said.length - 1] = longer;
    }
    const foot = 24 * rows + 24 + 16 * said.length;
    made.width = map.width;
    made.height = Math.round((box.clientHeight + head + foot) * ratio);
    ctx.scale(ratio, ratio);
    ctx.fillStyle = '#fff';
    ctx.fillRect(0, 0, width, box.clientHeight + head + foot);
    ctx.drawImage(map, 0, head, width, box.clientHeight);
    ctx.fillStyle = '#1a1a1a';
    ctx.font = '600 20px system-ui, sans-serif';
    ctx.fillText(document.querySelector('h1').textContent, 16, 28, width - 32);
    ctx.font = '13px system-ui, sans-serif';
    ctx.fillText([focus >= 0 ? nodes[focus].name : '', year || '', $('size').selectedOptions[0].textContent].filter(Boolean).join(' · '), 16, 48, width - 32);
    kinds.forEach((mark, k) => {
      const x = 16 + k % 4 * (width - 32) / 4, y = head + box.clientHeight + 8 + 24 * Math.floor(k / 4);
      ctx.save();
      ctx.translate(x, y);
      const path = new Path2D(SHAPES[mark[0]]);
      ctx.fillStyle = color === null ? mark[1] : WHITE;
      ctx.strokeStyle = mark[2];
      ctx.fill(path);
      ctx.stroke(path);
      ctx.restore();
      ctx.fillText(mark[3] + ' (' + number(mark[4]) + ')', x + 24, y + 14, (width - 32) / 4 - 30);
    });
    ctx.fillStyle = '#595959';
    ctx.font = '12px system-ui, sans-serif';
    said.forEach((text, n) => ctx.fillText(text, 16, head + box.clientHeight + 24 * rows + 28 + 16 * n, width - 32));
    return made;
  }
  $('save').hidden = origin === 'null' && location.protocol !== 'file:';
  $('save').onclick = () => picture().toBlob(blob => {
    const link = element('a');
    link.href = URL.createObjectURL(blob);
    link.download = words.file + '.png';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  if (nodes.length) network.fit({animation: false});
  fitted = network.getScale();
  if (innerWidth <= 800) $('look').open = false;
  if (!open(true)) { legend(); list() }
  network.once('afterDrawing', () => requestAnimationFrame(() => {
    document.documentElement.dataset.ready = String(Math.round(performance.now() - began));
  }));
  network.redraw();
  window.tsi = {network, nodes, pick, reset, move, picture, names: () => drawn, lines: () => lines.getIds().map(i => data.edges[i].slice(0, 2)),
    shown: () => ({focus: focus < 0 ? null : nodes[focus].id, hidden: [...hidden], steps, year, cursor: cursor < 0 ? null : nodes[cursor].id}),
    reach: () => reach && [...reach.keys()].map(i => nodes[i].id), spot, tiesIn: y => { const old = year; year = y; const n = data.edges.flatMap((e, i) => inYear(i) ? [[nodes[e[0]].id, nodes[e[1]].id]] : []); year = old; return n }};
})();
