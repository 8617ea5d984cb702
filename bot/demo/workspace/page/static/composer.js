// Message boxes: sending, completing names and commands, and files that are chosen or dropped.
import { act, base, place, tell, upload } from "./doors.js";

const MOST = 8;
const entries = [...document.querySelectorAll("#completions > *")]
  .concat([...(document.getElementById("completions")?.content.children ?? [])]);

export function composers() {
  for (const form of document.querySelectorAll("[data-composer]")) compose(form);
  const main = document.querySelector("main");
  main.addEventListener("dragover", (event) => { event.preventDefault(); main.classList.add("dropping"); });
  main.addEventListener("dragleave", () => main.classList.remove("dropping"));
  main.addEventListener("drop", (event) => {
    event.preventDefault();
    main.classList.remove("dropping");
    for (const file of event.dataTransfer.files) send(file, "");
  });
}

async function send(file, under) {
  tell(`Sending ${file.name} …`);
  const told = await upload("upload", file, { place, ...(under ? { thread: under } : {}) });
  if (told.ok) tell(`${file.name} is sent.`);
}

function compose(form) {
  const box = form.querySelector("textarea");
  const list = form.querySelector("[role=listbox]");
  const under = form.dataset.under;
  const draft = `draft:${base}/${place}/${under}`;
  box.value = sessionStorage.getItem(draft) ?? "";
  grow(box);
  if (under || matchMedia("(min-width: 48rem)").matches) box.focus({ preventScroll: true });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    close(box, list);
    box.value = "";
    keep();
    // Who says something goes on from the end, wherever they were reading.
    const log = form.closest("main, aside").querySelector(".log");
    if (log) log.scrollTop = log.scrollHeight;
    const told = await act("say", { place, text, thread: under });
    if (!told.ok) {
      box.value ||= text;
      keep();
    } else if (told.thread) {
      location.assign(`${base}/${place}?thread=${told.thread}`);
    }
  });
  box.addEventListener("input", () => { keep(); offer(box, list); });
  box.addEventListener("blur", () => setTimeout(() => close(box, list), 150));
  box.addEventListener("keydown", (event) => key(event, form, box, list));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option, box, list);
  });
  form.querySelector("[data-attach]").addEventListener("change", (event) => {
    for (const file of event.target.files) send(file, under);
    event.target.value = "";
  });

  function keep() {
    sessionStorage.setItem(draft, box.value);
    grow(box);
  }
}

function grow(box) {
  box.rows = Math.min(8, Math.max(1, box.value.split("\n").length));
}

function begun(box) {
  const before = box.value.slice(0, box.selectionStart);
  if (/^\/\S*(?: \S*)?$/.test(before)) return before;
  return before.match(/(?:^|[\s(])([@#][^\s@#]*(?: [^\s@#]*)?)$/)?.[1] ?? "";
}

function offer(box, list) {
  const word = begun(box).toLowerCase();
  const found = word ? entries.filter((each) => {
    const put = each.dataset.put.toLowerCase();
    return put !== word && (put.startsWith(word) || (word.length > 2 && word[0] === put[0]
      && put.includes(` ${word.slice(1)}`)));
  }).slice(0, MOST) : [];
  list.replaceChildren(...found.map((each, at) => {
    const option = each.cloneNode(true);
    option.id = `${list.id}-${at}`;
    return option;
  }));
  list.hidden = !found.length;
  box.setAttribute("aria-expanded", String(found.length > 0));
  choose(box, list, 0);
}

function choose(box, list, at) {
  const options = [...list.children];
  options.forEach((each, number) => each.setAttribute("aria-selected", String(number === at)));
  if (options[at]) {
    box.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  } else {
    box.removeAttribute("aria-activedescendant");
  }
}

function close(box, list) {
  list.hidden = true;
  list.replaceChildren();
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function take(option, box, list) {
  const word = begun(box);
  const at = box.selectionStart;
  box.setRangeText(`${option.dataset.put} `, at - word.length, at, "end");
  close(box, list);
  box.dispatchEvent(new Event("input"));
}

function key(event, form, box, list) {
  const open = !list.hidden;
  const options = [...list.children];
  const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(box, list, (at + step + options.length) % options.length);
  } else if (open && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey && options[at]) {
    event.preventDefault();
    take(options[at], box, list);
  } else if (open && event.key === "Escape") {
    event.preventDefault();
    close(box, list);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
}
