/**
 * Sends each answer of a form to the matching server as soon as it is submitted.
 *
 * Put this file and students.gs (or professionals.gs) into one Apps Script project, set the script properties
 * SERVER_URL and FORM_WEBHOOK_SECRET, and run setUp once. docs/google-forms.md has every step.
 */

var ANSWERED = 'onAnswer';
var HOURLY = 'sendKept';
var KEPT = 'kept:';
var UNMARKED = 'unmarked:';
var RESPONSE_ID = 'Response ID';
var TRIES = 4;
var FIRST_PAUSE_MS = 1000;
var LONGEST_RUN_MS = 4 * 60 * 1000; // a trigger is ended after six minutes

/** Makes the form and its sheet unless FORM_ID names one, and installs the triggers. May be run again. */
function setUp() {
  var properties = PropertiesService.getScriptProperties();
  setting_('SERVER_URL');
  setting_('FORM_WEBHOOK_SECRET');
  var form = properties.getProperty('FORM_ID') ? form_() : createForm_(FORM);
  properties.setProperty('FORM_ID', form.getId());
  var installed = ScriptApp.getProjectTriggers().map(function (one) { return one.getHandlerFunction(); });
  if (installed.indexOf(ANSWERED) < 0) ScriptApp.newTrigger(ANSWERED).forForm(form).onFormSubmit().create();
  if (installed.indexOf(HOURLY) < 0) ScriptApp.newTrigger(HOURLY).timeBased().everyHours(1).create();
  Logger.log('form to send to people: ' + form.getPublishedUrl());
  Logger.log('for matching.toml, forms.' + FORM.kind + ' = "' + prefilled_(form) + '"');
  return form;
}

/** The submit trigger: first remembers the answer, then sends it, then marks its row in the sheet. */
function onAnswer(event) {
  var properties = PropertiesService.getScriptProperties();
  var id = event.response.getId();
  properties.setProperty(KEPT + id, new Date().toISOString());
  properties.setProperty(UNMARKED + id, new Date().toISOString());
  sendKept();
}

/** The hourly trigger: whatever could not be sent or marked before. Only one runs at a time. */
function sendKept() {
  var lock = LockService.getScriptLock();
  if (!lock.tryLock(30 * 1000)) return; // another one is at it, and sees what was just remembered or leaves it for later
  try {
    var properties = PropertiesService.getScriptProperties();
    var began = Date.now();
    remembered_(UNMARKED).forEach(function (id) {
      if (Date.now() - began < LONGEST_RUN_MS && markRow_(id)) properties.deleteProperty(UNMARKED + id);
    });
    var reachable = true;
    remembered_(KEPT).forEach(function (id) {
      if (!reachable || Date.now() - began > LONGEST_RUN_MS) return;
      var response = responseOf_(id);
      reachable = response === null || send_(JSON.stringify(postOf_(response)));
      if (reachable) properties.deleteProperty(KEPT + id);
    });
  } finally {
    lock.releaseLock();
  }
}

/** What the server gets for a response. */
function postOf_(response) {
  var answers = {};
  response.getItemResponses().forEach(function (one) {
    answers[one.getItem().getTitle()] = one.getResponse();
  });
  return {
    response_id: response.getId(),
    timestamp: response.getTimestamp().toISOString(),
    respondent_email: response.getRespondentEmail() || '',
    responses: answers
  };
}

/** Sends a body, signed anew for each try, with growing pauses; false when the server took it at no try. */
function send_(body) {
  var ascii = body.replace(/[\u007f-\uffff]/g, function (letter) {
    return '\\u' + ('0000' + letter.charCodeAt(0).toString(16)).slice(-4);
  });
  for (var number = 0; number < TRIES; number++) {
    if (number > 0) Utilities.sleep(FIRST_PAUSE_MS * Math.pow(2, number - 1) * (1 + Math.random()));
    try {
      var code = UrlFetchApp.fetch(setting_('SERVER_URL') + FORM.path, request_(ascii)).getResponseCode();
      if (code >= 200 && code < 300) return true;
      Logger.log('the server answered ' + code + ' at try ' + (number + 1));
    } catch (error) {
      Logger.log('the server could not be reached at try ' + (number + 1));
    }
  }
  return false;
}

function request_(body) {
  var stamp = String(Math.floor(Date.now() / 1000));
  var bytes = Utilities.computeHmacSha256Signature(stamp + '.' + body, setting_('FORM_WEBHOOK_SECRET'));
  var hex = bytes.map(function (one) { return ('0' + (one & 255).toString(16)).slice(-2); }).join('');
  return {
    method: 'post',
    contentType: 'application/json',
    payload: body,
    headers: { 'X-Form-Timestamp': stamp, 'X-Form-Signature': 'sha256=' + hex },
    followRedirects: false,
    muteHttpExceptions: true
  };
}

/**
 * Writes the response's id into its row of the sheet, so that the nightly run knows the row for the same answer.
 * An edited answer keeps its row and its id. False while Google has not written the row yet.
 */
function markRow_(id) {
  var response = responseOf_(id);
  var sheet = sheet_();
  if (response === null || sheet === null) return true;
  var values = sheet.getDataRange().getValues();
  var column = values[0].indexOf(RESPONSE_ID);
  if (column < 0) {
    column = values[0].length;
    sheet.getRange(1, column + 1).setValue(RESPONSE_ID);
  }
  var second = Math.floor(response.getTimestamp().getTime() / 1000);
  var free = -1;
  for (var row = 1; row < values.length; row++) {
    if (values[row][column] === id) return true;
    var written = values[row][0] instanceof Date ? Math.floor(values[row][0].getTime() / 1000) : -1;
    if (!values[row][column] && written === second && fits_(values[0], values[row], response)) free = row;
  }
  if (free < 0) return false;
  sheet.getRange(free + 1, column + 1).setValue(id);
  return true;
}

/** Whether a row holds this response's text answers: two people may answer in the same second. */
function fits_(titles, row, response) {
  return response.getItemResponses().every(function (one) {
    var place = titles.indexOf(one.getItem().getTitle());
    var said = one.getResponse();
    return place < 0 || typeof said !== 'string' || row[place] instanceof Date || String(row[place]) === said;
  });
}

/** The sheet with this form's answers, or null when the form has none. */
function sheet_() {
  var form = form_();
  var book = null;
  try {
    book = SpreadsheetApp.openById(form.getDestinationId());
  } catch (error) {
    return null;
  }
  var sheets = book.getSheets().filter(function (one) {
    return String(one.getFormUrl() || '').indexOf(form.getId()) >= 0;
  });
  return sheets.length ? sheets[0] : null;
}

function remembered_(prefix) {
  return PropertiesService.getScriptProperties().getKeys()
    .filter(function (key) { return key.indexOf(prefix) === 0; })
    .map(function (key) { return key.slice(prefix.length); })
    .sort();
}

/** The response as it is now, or null when somebody deleted it. */
function responseOf_(id) {
  try {
    return form_().getResponse(id);
  } catch (error) {
    return null;
  }
}

function form_() {
  return FormApp.openById(setting_('FORM_ID'));
}

function setting_(name) {
  var value = PropertiesService.getScriptProperties().getProperty(name);
  if (!value) throw new Error('set the script property ' + name + ' (Project Settings > Script Properties)');
  return name === 'SERVER_URL' ? value.replace(/\/+$/, '') : value;
}

/** Makes the form that FORM describes, with a sheet for its answers. */
function createForm_(described) {
  var form = FormApp.create(described.title).setDescription(described.description).setAllowResponseEdits(true);
  described.items.forEach(function (one) {
    var item = addItem_(form, one).setTitle(one.title).setRequired(Boolean(one.required));
    if (one.help) item.setHelpText(one.help);
    if (one.options) item.setChoiceValues(one.options);
  });
  form.setDestination(FormApp.DestinationType.SPREADSHEET, SpreadsheetApp.create(described.title).getId());
  return form;
}

function addItem_(form, one) {
  if (one.type === 'paragraph') return form.addParagraphTextItem();
  if (one.type === 'checkboxes') return form.addCheckboxItem();
  if (one.type === 'choice') return form.addListItem();
  if (one.type === 'date') return form.addDateItem();
  return form.addTextItem();
}

/** The form's link with {token} where the verification code goes. */
function prefilled_(form) {
  var codes = form.getItems().filter(function (one) { return one.getTitle() === 'Verification Code'; });
  if (!codes.length) return '';
  var answer = codes[0].asTextItem().createResponse('{token}');
  return form.createResponse().withItemResponse(answer).toPrefilledUrl().replace(/%7Btoken%7D/i, '{token}');
}
