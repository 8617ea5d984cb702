// The guided tour: which step one is at is kept in the browser, over all windows.
import { post } from "./doors.js";
import { busy } from "./pressing.js";

const STEP = "tour-step";
const DONE = "tour-done";

export function tour() {
  const panel = document.querySelector(".tour");
  if (!panel) return;
  // Another start of the demo is another tour.
  if (localStorage.getItem("tour-start") !== panel.dataset.start) {
    localStorage.clear();
    localStorage.setItem("tour-start", panel.dataset.start);
  }
  const steps = [...panel.querySelectorAll("[data-step]")];
  const fold = panel.querySelector("[data-tour-fold]");
  const done = new Set(JSON.parse(localStorage.getItem(DONE) ?? "[]"));

  function show() {
    const at = localStorage.getItem(STEP) ?? "0";
    const folded = at === "end" || localStorage.getItem("tour-fold") === "yes";
    const number = Math.min(Number(at) || 0, steps.length - 1);
    steps.forEach((each, step) => { each.hidden = folded || step !== number; });
    panel.querySelector("[data-count]").textContent = at === "end"
      ? "You have seen the tour" : `Tour, step ${number + 1} of ${steps.length}`;
    fold.textContent = at === "end" ? "Again" : folded ? "Show" : "Hide";
    fold.setAttribute("aria-expanded", String(!folded));
    panel.classList.toggle("folded", folded);
    for (const each of panel.querySelectorAll("[data-tour]")) {
      each.classList.toggle("done", done.has(each.dataset.tour));
    }
    panel.hidden = false;
  }

  panel.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button === fold) {
      if (localStorage.getItem(STEP) === "end") localStorage.setItem(STEP, "0");
      else localStorage.setItem("tour-fold", steps.some((each) => !each.hidden) ? "yes" : "no");
    } else if (button.dataset.tourTo) {
      localStorage.setItem(STEP, button.dataset.tourTo);
    } else if (button.dataset.tour) {
      const told = await busy(button, () => post(`/tour/${button.dataset.tour}`, "{}"));
      if (told.ok) {
        done.add(button.dataset.tour);
        localStorage.setItem(DONE, JSON.stringify([...done]));
        location.assign(told.go);
        return;
      }
    }
    show();
  });
  show();
}
