'use strict';
(() => {
  const began = performance.now();
  const $ = id => document.getElementById(id);
  const data = JSON.parse($('data').textContent);
  const words = data.words;
  const FIRST = 8;         // names that may cover marks, never other names
  const LISTED = 500;
  const CLUTTER = 1500;    // marks that names keep clear of, most important first
  const WHITE = '#FFFFFF';

  const nodes = data.nodes.map(([id, name, mark, x, y, r, degree, value, label]) =>
    ({id, name, mark: data.marks[mark], kind: mark, x, y, r, degree, value, lines: label.split('\n'), search: plain(name), near: new Map()}));
  const at = new Map(nodes.map((node, i) => [node.id, i]));
  data.edges.forEach(([a, b], i) => { nodes[a].near.set(b, i); nodes[b].near.set(a, i) });
  const hidden = new Set();
  let focus = -1, fitted = 1, drawn = [];

  function plain(text) { return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().trim() }
  function number(value) { return value.toLocaleString(data.lang, {maximumFractionDigits: 3}) }
  function element(tag, text) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // ---- the map: places are given, nothing moves by itself, vis writes no label and no tooltip
  const marks = new vis.DataSet(nodes.map((node, i) => {
    const [shape, background, border] = node.mark;
    return {id: i, x: node.x, y: node.y, size: node.r, shape, borderWidth: background === WHITE ? 2 : 1,
      color: {background, border, highlight: {background, border: '#000'}, hover: {background, border: '#000'}}};
  }));
  const line = i => ({id: i, from: data.edges[i][0], to: data.edges[i][1], width: data.edges[i][2],
    color: {color: data.ties[data.edges[i][4]], opacity: .55}});
  const lines = new vis.DataSet(data.edges.flatMap((edge, i) => edge[3] ? [line(i)] : []));
  const many = nodes.length > 800;
  const network = new vis.Network($('map'), {nodes: marks, edges: lines}, {
    physics: false, layout: {improvedLayout: false}, autoResize: true,
    edges: {smooth: false, hoverWidth: 0, selectionWidth: 1},
    interaction: {hover: true, hideEdgesOnDrag: many, hideEdgesOnZoom: many, tooltipDelay: 1e9, zoomSpeed: .6,
      keyboard: {enabled: true, bindToWindow: false}},
  });

  // marks and lines grow with the square root of the zoom, so that zooming in makes room
  const growth = () => Math.sqrt(fitted / network.getScale());
  let grown = 1, timer = 0;
  function resize() {
    const factor = growth();
    if (Math.abs(factor / grown - 1) < .05) return;
    grown = factor;
    marks.update(nodes.map((node, i) => ({id: i, size: node.r * factor})));
    lines.update(lines.getIds().map(i => ({id: i, width: data.edges[i][2] * factor})));
  }
  network.on('zoom', () => { clearTimeout(timer); timer = setTimeout(resize, 120) });

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
  network.on('afterDrawing', ctx => {
    const scale = network.getScale(), centre = network.getViewPosition();
    const width = $('map').clientWidth, height = $('map').clientHeight;
    const most = Math.round(width * height / 20000 * Math.min(3, Math.max(1, scale / fitted)));
    const place = node => [(node.x - centre.x) * scale + width / 2, (node.y - centre.y) * scale + height / 2, node.r * grown * scale];
    const candidates = (focus < 0 ? data.order : [focus, ...byOrder(focus)]).filter(i => {
      const [x, y] = place(nodes[i]);
      return !hidden.has(nodes[i].kind) && x > 0 && y > 0 && x < width && y < height;
    });
    const bodies = candidates.slice(0, CLUTTER).map((i, rank) => {
      const [x, y, r] = place(nodes[i]);
      return [x - r * .8, y - r * .8, x + r * .8, y + r * .8, i, rank < most];
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
    candidates.slice(0, Math.ceil(most * 1.5)).forEach((i, rank) => {
      if (drawn.length >= most) return;
      const node = nodes[i], [x, y, r] = place(node), first = rank < FIRST;
      ctx.font = (first ? '600 ' : '') + '13px system-ui, sans-serif';
      const w = Math.max(...node.lines.map(text => ctx.measureText(text).width)), h = 16 * node.lines.length;
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
    ctx.restore();
  });

  // ---- what is shown: kinds not hidden; in focus one node with all its ties
  const rank = new Map(data.order.map((i, place) => [i, place]));
  const byOrder = i => [...nodes[i].near.keys()].sort((a, b) => rank.get(a) - rank.get(b));
  function show() {
    const near = focus < 0 ? null : new Set([focus, ...nodes[focus].near.keys()]);
    grown = growth();
    marks.update(nodes.map((node, i) => ({id: i, hidden: hidden.has(node.kind), opacity: near && !near.has(i) ? .12 : 1, size: node.r * grown})));
    const wanted = focus < 0 ? data.edges.flatMap((edge, i) => edge[3] ? [i] : []) : [...nodes[focus].near.values()];
    lines.clear();
    lines.add(wanted.filter(i => !hidden.has(nodes[data.edges[i][0]].kind) && !hidden.has(nodes[data.edges[i][1]].kind))
      .map(i => ({...line(i), width: data.edges[i][2] * grown})));
    list();
  }
  function relation(i) {
    const edge = data.edges[nodes[focus].near.get(i)], ahead = edge[0] === focus ? 1 : -1;
    return data.relations[edge[5]].map(([word, way]) => way === 0 ? word : way === ahead ? word + ' →' : '← ' + word).join(' · ');
  }
  function list() {
    const query = plain($('q').value), near = focus >= 0 && !query;
    const found = (near ? [focus, ...byOrder(focus)] : data.order)
      .filter(i => !hidden.has(nodes[i].kind) && (!query || nodes[i].search.includes(query)));
    $('list').replaceChildren(...found.slice(0, LISTED).map(i => {
      const node = nodes[i], button = element('button', node.name + ' · ' + number(node.degree));
      button.type = 'button';
      button.dataset.id = node.id;
      if (i === focus) button.setAttribute('aria-current', 'true');
      else if (near) button.append(element('small', relation(i)));
      button.onclick = () => { pick(i); $('list').querySelector('button')?.focus() };
      const item = element('li');
      item.append(button);
      return item;
    }));
    $('heading').textContent = near ? words.near : words.list;
    $('count').textContent = near ? '' : number(found.length) + ' ' + words.found;
    $('back').hidden = focus < 0;
  }
  function remember(id) { history.replaceState(null, '', id === undefined ? location.pathname : '#i=' + encodeURIComponent(id)) }
  function pick(i, zoom = 2.2, told = true) {
    focus = i;
    $('q').value = '';
    network.moveTo({position: {x: nodes[i].x, y: nodes[i].y}, scale: fitted * zoom, animation: false});
    show();
    network.selectNodes([i], false);
    if (told) remember(nodes[i].id);
  }
  function reset() {
    focus = -1;
    $('q').value = '';
    network.unselectAll();
    network.fit({animation: false});
    show();
    remember();
  }
  function zoom(factor) { network.moveTo({scale: network.getScale() * factor}); resize() }
  function open() {
    const asked = new URLSearchParams(location.hash.slice(1)), scale = Number(asked.get('z'));
    if (at.has(asked.get('i'))) pick(at.get(asked.get('i')), scale > 0 && scale < 50 ? scale : 2.2, false);
  }

  // ---- the side: legend that filters, search, list
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
  for (const [kind, mark] of Object.entries(data.marks)) {
    const button = element('button');
    button.type = 'button';
    button.dataset.kind = kind;
    button.setAttribute('aria-pressed', 'true');
    button.append(sign(mark), element('span', mark[3] + ' (' + number(mark[4]) + ')'));
    button.onclick = () => {
      if (!hidden.delete(kind)) hidden.add(kind);
      button.setAttribute('aria-pressed', String(!hidden.has(kind)));
      show();
    };
    $('kinds').append(button);
  }
  for (const [stroke, word] of data.lines) {
    const item = element('li');
    item.append(drawing({width: 18, height: 6}, {d: 'M0 3h18', stroke, 'stroke-width': 2}), element('span', word));
    $('lines').append(item);
  }
  $('q').oninput = list;
  $('q').onkeydown = event => { if (event.key === 'Enter') $('list').querySelector('button')?.focus() };
  $('in').onclick = () => zoom(1.5);
  $('out').onclick = () => zoom(1 / 1.5);
  $('all').onclick = reset;
  $('back').onclick = () => { reset(); $('list').focus() };
  addEventListener('keydown', event => { if (event.key === 'Escape' && focus >= 0) reset() });
  addEventListener('hashchange', open);
  network.on('click', event => { if (event.nodes.length) pick(event.nodes[0]); else if (focus >= 0) reset() });
  network.on('hoverNode', ({node, pointer}) => {
    const {name, mark, degree, value} = nodes[node], tip = $('tip');
    tip.textContent = name + ' — ' + mark[3] + ', ' + number(degree) + ' ' + words.degree +
      (data.valueName ? ', ' + data.valueName + ': ' + number(value) : '');
    tip.style.display = 'block';
    tip.style.left = Math.max(0, Math.min(pointer.DOM.x + 12, $('map').clientWidth - 290)) + 'px';
    tip.style.top = Math.max(0, Math.min(pointer.DOM.y + 12, $('map').clientHeight - 60)) + 'px';
  });
  network.on('blurNode', () => { $('tip').style.display = 'none' });

  if (nodes.length) network.fit({animation: false});
  fitted = network.getScale();
  show();
  open();
  network.once('afterDrawing', () => requestAnimationFrame(() => {
    document.documentElement.dataset.ready = String(Math.round(performance.now() - began));
  }));
  network.redraw();
  window.tsi = {network, names: () => drawn, shown: () => ({focus: focus < 0 ? null : nodes[focus].id, hidden: [...hidden]}), nodes, pick, reset};
})();
