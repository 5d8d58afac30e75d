// How long ago, by the clock of the server: «ahora», «4 min», «2 h», «3 d».
const ahead = new Date(document.body.dataset.now) - Date.now();

export function start() {
  tick();
  setInterval(tick, 15_000);
  document.addEventListener("parts", tick);
}

function tick() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const minutes = Math.max(0, Math.floor((Date.now() + ahead - new Date(time.dateTime)) / 60_000));
    const text = minutes < 1 ? document.body.dataset.justNow : minutes < 60 ? `${minutes} min` : minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
    if (time.textContent !== text) time.textContent = text;
    if (time.dataset.due) time.classList.toggle("late", new Date(time.dataset.due) < Date.now() + ahead);
  }
}
