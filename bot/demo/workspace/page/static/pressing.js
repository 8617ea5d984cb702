// Everything that is pressed or picked, wherever it stands.
import { act, base, place, post } from "./doors.js";
import { read, values } from "./forms.js";

export function listen() {
  document.addEventListener("click", clicked);
  document.addEventListener("change", changed);
  document.addEventListener("input", typed);
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.preventDefault();
    }
  });
}

async function clicked(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const it = event.target.closest("button, a");
  if (!it) return;
  const { dataset } = it;
  if ("press" in dataset) await press(it);
  else if (dataset.shortcut) await act("shortcut", { shortcut: dataset.shortcut, target: targetOf(it) });
  else if ("delete" in dataset) await act("delete", { target: targetOf(it) });
  else if (dataset.say) await act("say", { place, text: dataset.say });
  else if (dataset.move) await busy(it, () => post(`/clock/${dataset.move}`, "{}"));
  else if ("dismiss" in dataset) it.closest(".card").remove();
  else if ("side" in dataset) side(it);
  else if (dataset.join && (await act("join", { channel: dataset.join })).ok) location.reload();
  // The menu may have been drawn anew meanwhile.
  if (it.closest("details.menu") && it.matches("button")) {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  }
}

function side(button) {
  const open = document.body.classList.toggle("side-open");
  button.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#side a")?.focus();
}

export async function busy(button, work) {
  // Not disabled, which would take the focus from it; what is busy is not pressed again.
  if (button.getAttribute("aria-busy")) return { ok: false };
  button.setAttribute("aria-busy", "true");
  document.body.classList.add("busy");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
    document.body.classList.remove("busy");
  }
}

function targetOf(it) {
  return it.closest("[data-target]")?.dataset.target ?? "";
}

async function press(button) {
  const { block, action, value, ask } = button.dataset;
  if (ask && !(await sure(button.dataset))) return;
  const asked = { target: targetOf(button), block, action, value: value ?? null };
  await busy(button, async () => send(button, asked));
}

async function send(it, asked) {
  const form = it.closest("dialog form");
  if (form) asked.values = await values(form);
  return act("press", asked);
}

async function changed(event) {
  const field = event.target.closest("[data-set]");
  if (!field || "find" in event.target.dataset) return;
  event.target.dataset.touched = "yes";
  // A form's fields are sent with their form, unless the app wants to hear of them at once.
  const held = field.closest("[data-field]");
  if (held && !("dispatch" in held.dataset)) return;
  const value = await read(field);
  if (value === null) return;
  await send(field, { target: targetOf(field), block: field.dataset.block, action: field.dataset.action, value });
}

function typed(event) {
  if ("find" in event.target.dataset) {
    const wanted = event.target.value.trim().toLowerCase();
    for (const option of event.target.parentElement.querySelectorAll(".option")) {
      option.hidden = Boolean(wanted) && !option.textContent.toLowerCase().includes(wanted);
    }
  } else if (event.target.closest("[data-set]")) {
    event.target.dataset.touched = "yes";
  }
}

function sure({ ask, words, yes, no }) {
  const dialog = document.createElement("dialog");
  dialog.className = "sure";
  const title = document.createElement("h2");
  title.textContent = ask;
  const text = document.createElement("p");
  text.textContent = words;
  const buttons = [["no", no, "btn"], ["yes", yes, "btn primary"]].map(([value, label, style]) => {
    const button = document.createElement("button");
    Object.assign(button, { value, textContent: label, className: style });
    return button;
  });
  const form = document.createElement("form");
  form.method = "dialog";
  form.append(title, text, ...buttons);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}
