/** Fills the page from the document. Text goes in as text only, never as markup. */
export const DOCS_SCRIPT = String.raw`
'use strict';
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};
const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
const by = (id) => document.getElementById(id);

/** A schema as a person reads it: names, types, what is optional. */
function shape(schema, schemas, indent = '', seen = []) {
  if (!schema || Object.keys(schema).length === 0) return 'anything';
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop();
    if (seen.includes(name) || !schemas[name]) return name;
    return name + ' ' + shape(schemas[name], schemas, indent, [...seen, name]);
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  const choices = schema.anyOf || schema.oneOf;
  if (choices) return choices.map((each) => shape(each, schemas, indent, seen)).join(' | ');
  if (schema.type === 'array') return '[ ' + shape(schema.items, schemas, indent, seen) + ' ]';
  if (schema.type === 'object') {
    const names = Object.keys(schema.properties || {});
    if (names.length === 0) return '{ name: ' + shape(schema.additionalProperties || {}, schemas, indent, seen) + ' }';
    const inner = indent + '  ';
    const lines = names.map((name) => {
      const optional = (schema.required || []).includes(name) ? '' : '?';
      return inner + name + optional + ': ' + shape(schema.properties[name], schemas, inner, seen);
    });
    return '{\n' + lines.join('\n') + '\n' + indent + '}';
  }
  const limits = [];
  if (schema.format) limits.push(schema.format);
  if (schema.minimum > -9e15) limits.push('from ' + schema.minimum);
  if (schema.maximum < 9e15) limits.push('to ' + schema.maximum);
  if (schema.maxLength) limits.push('at most ' + schema.maxLength + ' characters');
  if (schema.default !== undefined) limits.push('default ' + JSON.stringify(schema.default));
  return (schema.type || 'anything') + (limits.length ? ' (' + limits.join(', ') + ')' : '');
}

function routeOf(path, method, operation, schemas) {
  const inside = make('div', { class: 'inside' });
  const facts = make('dl');
  const fact = (name, value) => facts.append(make('dt', {}, name), make('dd', {}, value));
  const access = operation['x-access'];
  fact('For', access === 'public' ? 'everybody' : access === 'signed-in' ? 'anybody who is signed in' : 'permission ' + access);
  fact('Audit', operation['x-audit'] ? 'written as ' + operation['x-audit'] : 'not written');
  inside.append(facts);
  if (operation.parameters) {
    const list = make('dl');
    for (const each of operation.parameters) {
      list.append(make('dt', {}, each.name + (each.required ? '' : '?')), make('dd', {}, shape(each.schema, schemas)));
    }
    inside.append(make('h3', {}, 'Parameters'), list);
  }
  const show = (title, content) => {
    for (const [type, { schema }] of Object.entries(content || {})) {
      const block = make('pre', { tabindex: '0', 'aria-label': title }, shape(schema, schemas));
      inside.append(make('h3', {}, title + ' · ' + type), block);
    }
  };
  const details = make('details', { class: 'route', id: operation.operationId });
  const verb = method.toUpperCase();
  details.append(make('summary', {}, make('span', { class: 'method ' + verb }, verb), make('span', { class: 'path' }, path),
    make('span', { class: 'what' }, operation.summary)), inside);
  // Shapes are written out when they are first looked at.
  details.addEventListener('toggle', () => {
    show('Send', operation.requestBody && operation.requestBody.content);
    show('Answer', operation.responses[200].content);
  }, { once: true });
  details.dataset.words = (verb + ' ' + path + ' ' + operation.summary + ' ' + operation.operationId + ' ' + access).toLowerCase();
  return details;
}

function errorTable(errors) {
  const rows = errors.map((each) => make('tr', { id: each.code }, make('td', {}, make('code', {}, each.code)),
    make('td', {}, String(each.status)), make('td', {}, each.message), make('td', {}, each.hint)));
  const head = make('tr', {}, ...['Code', 'Status', 'What happened', 'What to do'].map((text) => make('th', { scope: 'col' }, text)));
  return make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows));
}

function openTarget() {
  const target = location.hash.length > 1 && by(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.tagName === 'DETAILS') target.open = true;
  target.scrollIntoView();
}

async function start() {
  const api = await (await fetch('/api/openapi.json')).json();
  by('version').textContent = api.info.version;
  by('intro').textContent = api.info.description;
  const schemas = api.components.schemas;
  const parts = make('ul');
  const sections = [];
  for (const { name } of api.tags) {
    const section = make('section', { 'aria-labelledby': 'part-' + slug(name) }, make('h2', { id: 'part-' + slug(name) }, name));
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (operation.tags[0] === name) section.append(routeOf(path, method, operation, schemas));
      }
    }
    sections.push(section);
    parts.append(make('li', {}, make('a', { href: '#part-' + slug(name) }, name)));
  }
  parts.append(make('li', {}, make('a', { href: '#part-errors' }, 'Error codes')));
  by('parts').append(parts);
  by('routes').append(...sections, make('section', { 'aria-labelledby': 'part-errors' },
    make('h2', { id: 'part-errors' }, 'Error codes'), errorTable(api['x-errors'])));

  const filter = by('filter');
  const find = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const section of sections) {
      let any = false;
      for (const route of section.querySelectorAll('details.route')) {
        route.hidden = !words.every((word) => route.dataset.words.includes(word));
        if (!route.hidden) { any = true; shown += 1; }
      }
      section.hidden = !any;
    }
    by('count').textContent = shown + (shown === 1 ? ' route' : ' routes');
  };
  filter.addEventListener('input', find);
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== filter) { event.preventDefault(); filter.focus(); }
    if (event.key === 'Escape' && document.activeElement === filter) { filter.value = ''; find(); }
  });
  find();
  addEventListener('hashchange', openTarget);
  openTarget();
}
start().catch(() => { by('count').textContent = 'The document could not be loaded; reload the page.'; });
`;
