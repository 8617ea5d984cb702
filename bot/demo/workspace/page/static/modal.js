// Modals: shown above everything, closed by Escape, sent with what is in them; faults stand under their fields.
import { act } from "./doors.js";
import { faults, values } from "./forms.js";
import { busy } from "./pressing.js";

let opener = null;

export function modals() {
  const region = document.getElementById("modal");
  region.addEventListener("levelled", () => show(region));
  region.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(event.target);
  }, true);
  region.addEventListener("click", (event) => {
    const button = event.target.closest("[data-close]");
    if (button) close(button.closest("dialog"));
  });
  region.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.target.closest("dialog"));
  });
}

function show(region) {
  const dialog = region.querySelector("dialog");
  if (!dialog) {
    if (opener?.isConnected) opener.focus();
    opener = null;
    return;
  }
  if (dialog.open) return;
  opener ??= document.activeElement;
  dialog.showModal();
  const first = dialog.querySelector("[data-focus]")
    ?? dialog.querySelector(".field input:not([type=search]), .field select, .field textarea")
    ?? dialog.querySelector("h2");
  first.focus({ preventScroll: true });
}

function close(dialog) {
  act("close", { view: dialog.dataset.view });
}

async function submit(dialog) {
  const button = dialog.querySelector("button[type=submit]");
  const whole = dialog.querySelector(".fault.whole");
  whole.hidden = true;
  const told = await busy(button, async () => {
    return act("submit", { view: dialog.dataset.view, values: await values(dialog) });
  });
  faults(dialog, told.errors ?? {});
  if (!told.ok && told.words) {
    whole.textContent = told.words;
    whole.hidden = false;
  }
}
