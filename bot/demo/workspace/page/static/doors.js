// The way to the workspace: one request a deed, and words for the person where it failed.
const toast = document.getElementById("toast");
export const { base, place, thread } = document.body.dataset;

export function tell(words) {
  toast.textContent = words;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { toast.textContent = ""; }, 6000);
}

export async function post(address, body, type = "application/json") {
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "content-type": type } });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    if (!told.ok && told.words) tell(told.words);
    return told;
  } catch {
    const words = "That did not reach the demo. Is it still running in the terminal?";
    tell(words);
    return { ok: false, words };
  }
}

export function act(door, asked) {
  return post(`${base}/do/${door}`, JSON.stringify(asked));
}

export async function upload(door, file, more = {}) {
  const address = `${base}/do/${door}?${new URLSearchParams({ name: file.name, ...more })}`;
  return post(address, file, "application/octet-stream");
}
