// Puts what the server sends in its place, and sends what people do. The server renders posts, replies, forms and the
// clock, so that none is rendered in two ways.

const { person, room } = document.body.dataset;
const by = (id) => document.getElementById(id);
const write = by("write");
const dialog = by("dialog");
const choices = by("choices");
const usage = by("usage");
const hint = usage.textContent;
const scroller = document.querySelector(".scroll");

function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

// Sending -------------------------------------------------------------------------------------------------------

// Requests whose answer isn't on the page yet. While there are any, the document has data-busy, which tests wait for.
let pending = 0;

async function send(path, body) {
  document.documentElement.dataset.busy = String(++pending);
  try {
    return show(await ask(path, body));
  } finally {
    if (--pending === 0) delete document.documentElement.dataset.busy;
  }
}

async function ask(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ person, room, once: crypto.randomUUID(), ...body }),
    });
    return await response.json();
  } catch {
    return { error: by("toasts").dataset.unreachable };
  }
}

function show(told) {
  if (told.error) {
    complain(told.error);
    return null;
  }
  if (told.form) openForm(told.form);
  if (told.private) place(told.private);
  if (told.gone) by(told.gone)?.remove();
  return told;
}

function complain(words) {
  const note = document.createElement("p");
  note.textContent = words;
  if (dialog.open) {
    note.className = "wrong";
    note.setAttribute("role", "alert");
    dialog.querySelector(".wrong")?.remove();
    dialog.querySelector(".fields").prepend(note);
    return;
  }
  note.className = "toast";
  by("toasts").replaceChildren(note);
  setTimeout(() => note.remove(), 8000);
}

async function whileBusy(button, work) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  try {
    await work();
  } finally {
    button.ariaBusy = null;
  }
}

// The conversation ----------------------------------------------------------------------------------------------

function place(picture) {
  if (picture.room !== room) return;
  const old = by(picture.id);
  const fresh = element(picture.html);
  if (old) {
    refresh(old, fresh);
  } else if (picture.under) {
    const thread = by(picture.under)?.querySelector(".thread");
    if (!thread) return;
    thread.hidden = false;
    thread.open = true;
    thread.querySelector(".answers").append(fresh);
  } else {
    if (picture.day) by("posts").append(element(picture.day));
    by("posts").append(fresh);
  }
  if (picture.replies) by(picture.under).querySelector(".replies").textContent = picture.replies;
}

// Keeps the focus where it is, even if the card around it is rendered again.
function refresh(old, fresh) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  for (const part of [".head", ".body"]) old.querySelector(part)?.replaceWith(fresh.querySelector(part));
  if (!held || held.isConnected) return;
  const { act, value } = held.dataset;
  const again = act && old.querySelector(`[data-act="${CSS.escape(act)}"][data-value="${CSS.escape(value)}"]`);
  (again || old).focus();
}

// The list is reversed (column-reverse), so its end is at 0.
const toEnd = () => scroller.scrollTo({ top: 0 });

// Shows the whole post, or its beginning if it is taller than the list.
function reveal(post) {
  post?.scrollIntoView({ block: post.offsetHeight > scroller.clientHeight ? "start" : "nearest" });
}

function showReply(told) {
  const reply = told?.private && by(told.private.id);
  if (!reply) return;
  reveal(reply);
  reply.focus({ preventScroll: true });
}

let looking;
function look() {
  if (document.visibilityState !== "visible") return;
  clearTimeout(looking);
  looking = setTimeout(() => send("/look", {}), 400);
}

async function redraw() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["posts", "side", "now"]) by(id).replaceWith(page.getElementById(id));
}

// News from the server ------------------------------------------------------------------------------------------

let since = document.body.dataset.at;
let waiting;
let stream;

// A browser keeps only a few connections to one address, so a hidden tab closes its own.
function connect() {
  stream?.close();
  if (document.visibilityState !== "visible") return;
  stream = new EventSource(`/events?as=${encodeURIComponent(person)}&since=${encodeURIComponent(since)}`);
  const on = (kind, act) =>
    stream.addEventListener(kind, (event) => {
      if (event.lastEventId) since = event.lastEventId;
      act(JSON.parse(event.data));
    });
  on("post", (picture) => {
    place(picture);
    if (picture.room === room) look();
  });
  on("private", place);
  on("gone", ({ id }) => by(id)?.remove());
  on("clock", showClock);
  on("unseen", showUnseen);
  on("stale", redraw);
  stream.onopen = () => {
    clearTimeout(waiting);
    waiting = undefined;
    by("away").hidden = true;
  };
  stream.onerror = () => {
    waiting ??= setTimeout(() => (by("away").hidden = false), 700);
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 1500);
  };
}

function showUnseen(counts) {
  for (const badge of document.querySelectorAll("[data-count]")) {
    const n = badge.dataset.count === room ? 0 : (counts[badge.dataset.count] ?? 0);
    badge.firstElementChild.textContent = n;
    badge.hidden = n === 0;
  }
}

// The clock -----------------------------------------------------------------------------------------------------

let moving = false;

function showClock({ html, at, moving: busy }) {
  moving = busy;
  by("now").replaceWith(element(html));
  document.querySelector(".clock").classList.toggle("moving", busy);
  for (const button of document.querySelectorAll("[data-move]")) button.ariaDisabled = busy ? "true" : null;
  for (const time of document.querySelectorAll("time[data-relative]")) time.textContent = distance(time.dateTime, at);
}

const SPANS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

function distance(to, from) {
  const seconds = (new Date(to) - new Date(from)) / 1000;
  const [unit, size] = SPANS.find(([, size]) => Math.abs(seconds) >= size * 0.85) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(document.documentElement.lang).format(Math.round(seconds / size), unit);
}

async function moveClock(by_) {
  if (moving) return;
  const told = await send("/clock", { by: by_ });
  if (told) tellWhatHappened(told.happened);
}

function tellWhatHappened(html) {
  by("happened").innerHTML = html;
  by("happened-close").hidden = !html;
}

// Menus ---------------------------------------------------------------------------------------------------------

const opener = (menu) => by(menu.id.replace(/-menu$/, "-opens"));

function openMenu(button) {
  const menu = by(button.getAttribute("aria-controls"));
  closeMenus();
  menu.hidden = false;
  button.ariaExpanded = "true";
  const space = scroller.getBoundingClientRect().bottom - button.getBoundingClientRect().bottom;
  menu.classList.toggle("up", space < menu.offsetHeight + 12);
  menu.querySelector("[role=menuitem]").focus();
}

function closeMenus() {
  for (const menu of document.querySelectorAll("[role=menu]:not([hidden])")) {
    const back = menu.contains(document.activeElement);
    menu.hidden = true;
    opener(menu).ariaExpanded = "false";
    if (back) opener(menu).focus();
  }
}

function steer(event, items) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items.at(to % items.length).focus();
  else if (event.key === "Enter" || event.key === " ") items[at].click();
  else if (event.key === "Escape" || event.key === "Tab") closeMenus();
  else return;
  event.preventDefault();
}

// Forms ---------------------------------------------------------------------------------------------------------

function openForm(html) {
  dialog.replaceChildren(element(html));
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("[aria-invalid]") ?? dialog.querySelector(".fields input, textarea, .fields select");
  (first ?? dialog.querySelector("[type=submit]")).focus();
}

dialog.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const given = new FormData(form);
  const answers = Object.fromEntries([...given.keys()].map((name) => [name, given.getAll(name)]));
  const { token, form: id, value } = form.dataset;
  whileBusy(form.querySelector("[type=submit]"), async () => {
    const told = await send("/fill", { token, form: id, value, answers });
    if (!told || told.form) return;
    dialog.close();
    showReply(told);
  });
});

dialog.addEventListener("input", ({ target }) => {
  const most = Number(target.dataset.most);
  if (!most) return;
  const left = most - [...target.value].length;
  const note = target.parentElement.querySelector(".left");
  note.hidden = left > most * 0.1;
  note.textContent = dialog.dataset.left.replace("{n}", left);
});

// Writing -------------------------------------------------------------------------------------------------------

let options = [];
let active = -1;
let asked = 0;
let under = null;

async function suggest() {
  const mine = ++asked;
  if (!write.value.startsWith("/")) return offer([], "");
  const told = await send("/complete", { text: write.value });
  if (told && mine === asked) offer(told.options, told.usage);
}

function offer(found, words) {
  options = found;
  active = -1;
  usage.textContent = words || hint;
  choices.replaceChildren(...found.map(drawChoice));
  choices.hidden = !found.length;
  write.ariaExpanded = String(found.length > 0);
  write.removeAttribute("aria-activedescendant");
}

function drawChoice(option, at) {
  const line = document.createElement("li");
  line.id = `choice-${at}`;
  line.role = "option";
  line.ariaSelected = "false";
  for (const part of ["label", "whose", "hint"].filter((p) => option[p])) {
    const words = document.createElement("span");
    words.className = part;
    words.textContent = option[part];
    line.append(words, " ");
  }
  line.addEventListener("click", () => choose(at));
  return line;
}

function activate(to) {
  choices.children[active]?.setAttribute("aria-selected", "false");
  active = (to + options.length) % options.length;
  const line = choices.children[active];
  line.ariaSelected = "true";
  line.scrollIntoView({ block: "nearest" });
  write.setAttribute("aria-activedescendant", line.id);
}

function choose(at) {
  const { text } = options[at];
  fill(text);
}

function fill(text) {
  write.value = text;
  write.focus();
  if (text.endsWith(" ")) suggest();
  else asked++, offer([], "");
}

const typingKeys = {
  ArrowDown: () => options.length && (activate(active + 1), true),
  ArrowUp: () => options.length && (activate(active < 0 ? options.length - 1 : active - 1), true),
  Tab: (event) => options.length && !event.shiftKey && (choose(Math.max(active, 0)), true),
  Enter: () => active >= 0 && options[active].text !== write.value && (choose(active), true),
  Escape: () => (options.length ? (offer([], ""), true) : under && (leaveThread(), true)),
};

function replyTo(post) {
  under = Number(post.dataset.post);
  const name = post.querySelector(".author").textContent;
  by("thread-words").textContent = by("composer").dataset.thread.replace("{name}", name);
  by("in-thread").hidden = false;
  write.focus();
}

function leaveThread() {
  under = null;
  by("in-thread").hidden = true;
  write.focus();
}

async function say() {
  const text = write.value.trim();
  if (!text) return;
  const into = under;
  asked++;
  offer([], "");
  const told = await send("/say", { text, under });
  if (!told) return;
  write.value = "";
  if (into) leaveThread();
  else toEnd();
  if (told.private) reveal(by(told.private.id));
}

by("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  whileBusy(by("composer").querySelector(".send"), say);
});
write.addEventListener("input", suggest);
write.addEventListener("keydown", (event) => {
  if (!event.isComposing && typingKeys[event.key]?.(event)) event.preventDefault();
});
write.addEventListener("blur", () => offer([], ""));
choices.addEventListener("mousedown", (event) => event.preventDefault());

// What people press ---------------------------------------------------------------------------------------------

const acts = {
  "[data-act]": (it) => {
    const post = it.closest(".post");
    const thread = post.parentElement.closest("[data-post]");
    const { act, value, chosen } = it.dataset;
    const pressed = { act, value, chosen: chosen === undefined ? [] : [chosen], card: post.dataset.card ?? "" };
    closeMenus();
    whileBusy(it, async () => showReply(await send("/press", { ...pressed, under: thread && Number(thread.dataset.post) })));
  },
  "[data-shortcut]": (it) => {
    closeMenus();
    const post = Number(it.closest(".post").dataset.post);
    whileBusy(it, async () => showReply(await send("/pick", { name: it.dataset.shortcut, post })));
  },
  "[aria-haspopup=menu]": (it) => (it.ariaExpanded === "true" ? closeMenus() : openMenu(it)),
  "[data-reply]": (it) => replyTo(it.closest(".post")),
  "[data-dismiss]": (it) => send("/dismiss", { card: it.dataset.dismiss }).then(() => write.focus()),
  "[data-fill]": (it) => fill(it.dataset.fill),
  "[data-move]": (it) => moveClock(it.dataset.move),
  "[data-close]": () => dialog.close(),
  "#thread-close": leaveThread,
  "#happened-close": () => tellWhatHappened(""),
  "#drawer": () => drawer(document.body.dataset.drawer !== "open"),
};

document.addEventListener("click", (event) => {
  const { target } = event;
  if (!target.closest(".menu")) closeMenus();
  if (!target.closest("#people")) by("people").open = false;
  const [act, it] = Object.entries(acts).map(([at, act]) => [act, target.closest(at)]).find(([, it]) => it) ?? [];
  if (it) act(it);
  else if (!target.closest("#side")) drawer(false);
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest("[role=menu]");
  if (menu) return steer(event, [...menu.querySelectorAll("[role=menuitem]")]);
  if (event.key !== "Escape" || dialog.open) return;
  if (by("people").open) {
    by("people").open = false;
    by("people").querySelector("summary").focus();
  } else if (document.body.dataset.drawer === "open") {
    drawer(false);
    by("drawer").focus();
  }
});

function drawer(open) {
  document.body.dataset.drawer = open ? "open" : "";
  by("drawer").ariaExpanded = String(open);
  if (open) by("side").querySelector("a").focus();
}

// Moving the focus out of the drawer closes it.
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (relatedTarget && target.closest("#side") && !relatedTarget.closest("#side, #drawer")) drawer(false);
});
document.addEventListener("visibilitychange", () => {
  connect();
  look();
});
connect();
look();
if (!location.hash && matchMedia("(hover: hover) and (min-width: 48rem)").matches) write.focus();
