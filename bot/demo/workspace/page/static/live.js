// Keeps each region level with what the server says: pieces are kept by key, and only changed ones are replaced.
import { base, place, thread } from "./doors.js";
import { keep, restore } from "./forms.js";

const AGAIN = 1500;
const apart = document.getElementById("apart");

export function follow() {
  const query = thread ? `?thread=${encodeURIComponent(thread)}` : "";
  const socket = new WebSocket(`ws://${location.host}${base}/${place}/live${query}`);
  socket.addEventListener("message", (said) => {
    apart.hidden = true;
    for (const [name, news] of Object.entries(JSON.parse(said.data))) {
      const region = document.getElementById(name);
      if (region) level(region, news);
    }
    document.body.dataset.live = "yes";
  });
  socket.addEventListener("close", () => {
    delete document.body.dataset.live;
    setTimeout(() => { apart.hidden = Boolean(document.body.dataset.live); }, AGAIN * 2);
    setTimeout(follow, AGAIN);
  });
}

function level(region, news) {
  const first = !region.dataset.filled;
  const low = region.scrollHeight - region.scrollTop - region.clientHeight < 80;
  // What was there when the window opened is read as one reads a page, not announced.
  if (first) region.setAttribute("aria-live", "off");
  const old = new Map([...region.children].map((each) => [each.dataset.key, each]));
  let before = null;
  let newest = null;
  for (const key of news.order) {
    let piece = old.get(key);
    const form = region.id === "modal";
    // A view that is on the screen already differs only by what was typed here, and its faults stand in it; another
    // version of it takes over what is half typed.
    if (form && !piece && old.size) {
      const [version] = old.keys();
      piece = old.get(version);
      old.delete(version);
    }
    if (key in news.html && !(form && piece?.dataset.key === key)) {
      const fresh = drawn(key, news.html[key]);
      if (piece) replace(piece, fresh);
      else region.append(fresh);
      piece = newest = fresh;
    }
    old.delete(key);
    const next = before ? before.nextElementSibling : region.firstElementChild;
    if (next !== piece) region.insertBefore(piece, next);
    before = piece;
  }
  for (const gone of old.values()) gone.remove();
  region.dataset.filled = "yes";
  region.dispatchEvent(new CustomEvent("levelled", { bubbles: true }));
  if (region.classList.contains("log") && (first || low)) down(region, newest);
  if (first) setTimeout(() => region.removeAttribute("aria-live"), 500);
}

function down(region, newest) {
  // To the end; but of what is longer than the window one sees the beginning first.
  region.scrollTop = region.scrollHeight;
  if (newest && newest.offsetHeight > region.clientHeight) newest.scrollIntoView({ block: "start" });
  // Pictures find their height when they have come.
  for (const picture of region.querySelectorAll("img")) {
    if (!picture.complete) picture.addEventListener("load", () => { region.scrollTop = region.scrollHeight; });
  }
}

function drawn(key, html) {
  const piece = document.createElement("div");
  piece.dataset.key = key;
  // The server escapes every word that is not its own, and no script runs from here: see the page's policy.
  piece.innerHTML = html;
  return piece;
}

function replace(piece, fresh) {
  const kept = keep(piece);
  const focus = piece.contains(document.activeElement) ? document.activeElement : null;
  const opened = [...piece.querySelectorAll("details")].map((each) => each.open);
  piece.replaceWith(fresh);
  [...fresh.querySelectorAll("details")].forEach((each, at) => { each.open = Boolean(opened[at]); });
  restore(fresh, kept);
  if (focus?.id) document.getElementById(focus.id)?.focus();
}
