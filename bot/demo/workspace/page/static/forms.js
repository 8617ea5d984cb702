// What fields hold: reading them as the app is told of them, and keeping what is half typed when a form is redrawn.
import { upload } from "./doors.js";

const GROUPS = ["radio_buttons", "checkboxes"];

export function isGroup(kind) {
  return GROUPS.includes(kind) || kind.startsWith("multi_");
}

export async function read(field) {
  const kind = field.dataset.set;
  if (isGroup(kind)) {
    const chosen = [...field.querySelectorAll("input:checked")].map((each) => each.value);
    return kind === "radio_buttons" ? chosen[0] ?? null : chosen;
  }
  if (kind === "file_input") {
    const kept = await Promise.all([...field.files].map((file) => upload("keep", file)));
    return kept.filter((each) => each.ok).map((each) => each.id);
  }
  if (kind === "datetimepicker") return field.value ? Math.floor(new Date(field.value).getTime() / 1000) : null;
  if (kind === "rich_text_input") return field.value ? rich(field.value) : null;
  return field.value || null;
}

function rich(text) {
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

export async function values(form) {
  const found = {};
  for (const field of form.querySelectorAll("[data-field] [data-set]")) {
    found[field.dataset.block] = await read(field);
  }
  return found;
}

export function keep(piece) {
  const fields = [...piece.querySelectorAll("[data-touched]")];
  return fields.map((each) => [each.id, each.value, each.checked, each.type, each.closest("[data-set]")?.id]);
}

export function restore(piece, kept) {
  for (const [id, value, checked, type, group] of kept) {
    if (type === "radio" || type === "checkbox") {
      const holder = group && piece.querySelector(`[id="${CSS.escape(group)}"]`);
      const box = holder && [...holder.querySelectorAll("input")].find((each) => each.value === value);
      if (box) box.checked = checked;
    } else if (id) {
      const field = piece.querySelector(`[id="${CSS.escape(id)}"]`);
      if (field && field.type !== "file" && field.closest("[data-field]")) field.value = value;
    }
  }
}

export function faults(form, errors) {
  let first = null;
  for (const field of form.querySelectorAll("[data-field]")) {
    const words = errors[field.dataset.field] ?? "";
    const place = field.querySelector(".fault");
    const control = field.querySelector("[data-set]");
    place.textContent = words;
    place.hidden = !words;
    field.classList.toggle("faulty", Boolean(words));
    place.id = `${control.id}-fault`;
    if (words) {
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", `${control.id}-fault ${control.id}-hint`);
      first ??= control.matches(".options") ? control.querySelector("input") : control;
    } else {
      control.removeAttribute("aria-invalid");
    }
  }
  first?.focus();
}
