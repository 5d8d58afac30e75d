// The page works without this: it adds copying with one tap, the bank of a CLABE while it is typed, and a
// conversation that is kept up to date.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}

const bank = document.getElementById("bank");
if (bank) {
  const names = JSON.parse(bank.dataset.banks), field = document.getElementById("clabe");
  field.addEventListener("input", () => {
    const digits = field.value.replace(/\D/g, "");
    const sum = [...digits.slice(0, 17)].reduce((all, digit, at) => all + (digit * [3, 7, 1][at % 3]) % 10, 0);
    const right = digits.length < 18 || (digits.length === 18 && (10 - sum % 10) % 10 === Number(digits[17]));
    bank.textContent = right ? names[digits.slice(0, 3)] || "" : bank.dataset.wrong;
  });
}

// The conversation: sent and looked for without loading the page again.
const chat = document.querySelector("[data-chat]");
if (chat) {
  const form = document.getElementById("text").form, thread = () => chat.querySelector(".thread");
  let busy = false, quiet = 0, turn = 0;
  const toEnd = () => { const last = thread().querySelector("li:last-child");
    if (last) thread().scrollTop = last.offsetTop - thread().offsetTop - 12; // a long answer is read from its start
  };
  const take = async (answer, whole) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-chat]");
    if (!fresh) { location.reload(); return; }
    form.nonce.value = page.querySelector("form[data-write]").nonce.value;
    const same = fresh.querySelector(".thread").innerHTML === thread().innerHTML;
    quiet = same ? quiet + 1 : 0;
    if (!same || whole) { chat.innerHTML = fresh.innerHTML; toEnd(); }
  };
  document.addEventListener("submit", async (event) => {
    const sent = event.target;
    if (!new URL(sent.action).pathname.endsWith("/chat")) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    const body = new URLSearchParams(new FormData(sent));
    if (event.submitter && event.submitter.name) body.append(event.submitter.name, event.submitter.value);
    try {
      const answer = await fetch(sent.action, { method: "POST", body });
      if (answer.ok && sent === form) form.text.value = "";
      await take(answer, true);
    } catch { form.text.focus(); } finally { busy = false; }
  });
  setInterval(async () => {
    turn += 1;
    if (busy || document.visibilityState !== "visible" || (quiet > 30 && turn % 5)) return;
    try { await take(await fetch(location.pathname + location.search), false); } catch { /* asked again */ }
  }, 4000);
  toEnd();
}
