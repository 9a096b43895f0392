// Runs the form scripts under Node with stand-ins for Google's services. `node harness.js FORM.gs SCENARIO`.
// The stand-ins do what the reference says of the calls that are used, and refuse what Google would refuse.
const { spawnSync } = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const vm = require('vm');

const folder = path.join(__dirname, '..', '..', '..', 'ingest', 'google_forms');
const world = { properties: {}, forms: {}, books: {}, triggers: [], sleeps: [], requests: [], log: [], down: 0, rowsLate: false };
let numbers = 0;
let clock = Date.now();

class Item {
  constructor(type) { this.type = type; this.title = ''; this.required = false; this.choices = null; this.help = ''; }
  setTitle(title) { this.title = title; return this; }
  getTitle() { return this.title; }
  setRequired(required) { this.required = required; return this; }
  setHelpText(help) { this.help = help; return this; }
  setChoiceValues(values) {
    if (!['checkboxes', 'choice'].includes(this.type)) throw new Error('no choices on ' + this.type);
    this.choices = values; return this;
  }
  asTextItem() { if (this.type !== 'text') throw new Error('not a text item'); return this; }
  createResponse(value) { return { getItem: () => this, getResponse: () => value }; }
}

class Form {
  constructor(title) { this.id = 'form-' + ++numbers; this.title = title; this.items = []; this.responses = {}; this.book = null; }
  getId() { return this.id; }
  setDescription() { return this; }
  setAllowResponseEdits(value) { this.edits = value; return this; }
  addTextItem() { return this.add('text'); }
  addParagraphTextItem() { return this.add('paragraph'); }
  addCheckboxItem() { return this.add('checkboxes'); }
  addListItem() { return this.add('choice'); }
  addDateItem() { return this.add('date'); }
  add(type) { const item = new Item(type); this.items.push(item); return item; }
  getItems() { return this.items.slice(); }
  setDestination(type, id) {
    this.book = id;
    world.books[id].sheets.unshift({ form: this.id, rows: [['Timestamp', ...this.items.map((one) => one.title)]] });
    return this;
  }
  getDestinationId() { if (!this.book) throw new Error('no destination'); return this.book; }
  getPublishedUrl() { return 'https://docs.google.com/forms/d/e/' + this.id + '/viewform'; }
  getResponse(id) { if (!this.responses[id]) throw new Error('no such response'); return this.responses[id]; }
  createResponse() {
    const filled = [];
    const form = this;
    return {
      withItemResponse(one) { filled.push(one); return this; },
      toPrefilledUrl() {
        const parts = filled.map((one) => 'entry.' + (1000 + form.items.indexOf(one.getItem())) + '=' + encodeURIComponent(one.getResponse()));
        return form.getPublishedUrl() + '?usp=pp_url&' + parts.join('&');
      },
    };
  }
}

function range(rows, row, column) {
  return {
    setValue(value) {
      while (rows.length < row) rows.push([]);
      for (const one of rows) while (one.length < column) one.push('');
      rows[row - 1][column - 1] = value;
    },
  };
}

const services = {
  PropertiesService: {
    getScriptProperties: () => ({
      getProperty: (key) => (key in world.properties ? world.properties[key] : null),
      setProperty: (key, value) => {
        if (typeof value !== 'string' || value.length > 9000) throw new Error('a property is a text of at most 9 kB');
        world.properties[key] = value;
      },
      deleteProperty: (key) => { delete world.properties[key]; },
      getKeys: () => Object.keys(world.properties),
    }),
  },
  FormApp: {
    DestinationType: { SPREADSHEET: 'SPREADSHEET' },
    create: (title) => { const form = new Form(title); world.forms[form.id] = form; return form; },
    openById: (id) => { if (!world.forms[id]) throw new Error('no such form'); return world.forms[id]; },
  },
  SpreadsheetApp: {
    create: () => { const id = 'book-' + ++numbers; world.books[id] = { sheets: [{ form: null, rows: [[]] }] }; return { getId: () => id }; },
    openById: (id) => ({
      getSheets: () => world.books[id].sheets.map((one) => ({
        getFormUrl: () => (one.form ? 'https://docs.google.com/forms/d/' + one.form + '/edit' : null),
        getDataRange: () => ({
          getValues: () => {
            const width = Math.max(...one.rows.map((row) => row.length));
            return one.rows.map((row) => [...row, ...Array(width - row.length).fill('')]);
          },
        }),
        getRange: (row, column) => range(one.rows, row, column),
      })),
    }),
  },
  ScriptApp: {
    getProjectTriggers: () => world.triggers.map((one) => ({ getHandlerFunction: () => one.handler })),
    newTrigger: (handler) => {
      const trigger = { handler };
      const builder = {
        forForm: (form) => { trigger.form = form.getId(); return builder; },
        onFormSubmit: () => { trigger.on = 'submit'; return builder; },
        timeBased: () => builder,
        everyHours: (hours) => { trigger.hours = hours; return builder; },
        create: () => { world.triggers.push(trigger); return trigger; },
      };
      return builder;
    },
  },
  UrlFetchApp: {
    fetch: (url, options) => {
      world.requests.push({ url, headers: options.headers, body: options.payload });
      if (world.down > 0) {
        world.down -= 1;
        if (world.down % 2) throw new Error('Address unavailable: ' + url);
        return { getResponseCode: () => 503 };
      }
      const send = `fetch(process.argv[1], { method: 'POST', body: process.argv[2], headers: JSON.parse(process.argv[3]) })
        .then(async (answer) => console.log(JSON.stringify([answer.status, await answer.text()])))`;
      const headers = { 'Content-Type': options.contentType, ...options.headers };
      const child = spawnSync(process.execPath, ['-e', send, url, options.payload, JSON.stringify(headers)], { encoding: 'utf8' });
      if (child.status !== 0) throw new Error('Address unavailable: ' + url);
      const [code, text] = JSON.parse(child.stdout);
      world.requests[world.requests.length - 1].answer = [code, JSON.parse(text)];
      return { getResponseCode: () => code };
    },
  },
  Utilities: {
    sleep: (ms) => { world.sleeps.push(ms); clock += ms; },
    computeHmacSha256Signature: (value, key) => {
      if (/[^\x00-\x7f]/.test(value + key)) throw new Error('without a charset, only ASCII is signed as it is sent');
      const bytes = crypto.createHmac('sha256', key).update(value).digest();
      return Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    },
  },
  LockService: { getScriptLock: () => ({ tryLock: () => true, releaseLock: () => {} }) },
  Logger: { log: (text) => world.log.push(String(text)) },
};

class TestDate extends Date {
  constructor(...given) { given.length ? super(...given) : super(clock); }
  static now() { return clock; }
}

function theForm() { return world.forms[world.properties.FORM_ID]; }

// A person submits the form: title -> answer. Google writes the row (late when `rowsLate`) and fires the trigger.
function submit(answers, at) {
  const id = 'resp-' + crypto.randomUUID();
  store(id, answers, at);
  context.onAnswer({ response: theForm().responses[id] });
  return id;
}

function store(id, answers, at) {
  const form = theForm();
  const moment = new TestDate(at || clock);
  const items = form.items.filter((one) => one.title in answers);
  const previous = form.responses[id];
  form.responses[id] = {
    getId: () => id,
    getTimestamp: () => moment,
    getRespondentEmail: () => '',
    getItemResponses: () => items.map((one) => one.createResponse(answers[one.title])),
  };
  const cells = form.items.map((one) => { const said = answers[one.title]; return Array.isArray(said) ? said.join(', ') : said === undefined ? '' : said; });
  const write = () => {
    const rows = world.books[form.book].sheets[0].rows;
    const titles = rows[0];
    const old = previous && rows.find((row) => row[0] instanceof Date && row[0].getTime() === previous.getTimestamp().getTime());
    const row = [moment, ...cells];
    if (old) row.forEach((cell, place) => { old[place] = cell; });
    else rows.push(row.concat(Array(Math.max(0, titles.length - row.length)).fill('')));
  };
  if (world.rowsLate) world.late = write; else write();
}

function edit(id, answers) {
  clock += 60000;
  store(id, answers);
  context.onAnswer({ response: theForm().responses[id] });
}

const context = vm.createContext({ ...services, Date: TestDate, JSON, Math, Array, String, Boolean, Error, console });
for (const name of ['webhook.gs', process.argv[2]]) vm.runInContext(fs.readFileSync(path.join(folder, name), 'utf8'), context, name);
world.properties.SERVER_URL = process.env.SERVER_URL + '/';
world.properties.FORM_WEBHOOK_SECRET = process.env.FORM_WEBHOOK_SECRET;

const sheet = () => world.books[theForm().book].sheets[0].rows;
const result = new Function('gs', 'world', 'submit', 'edit', 'sheet', 'theForm', process.argv[3])(context, world, submit, edit, sheet, theForm);
console.log(JSON.stringify(result));
