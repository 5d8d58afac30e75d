// New messages within two seconds: the thread is asked for, and answers 304 until something changed.
const thread = document.getElementById("messages");
if (thread) {
  let tag = "";
  const down = () => { thread.scrollTop = thread.scrollHeight; };
  down();
  setInterval(async () => {
    const answer = await fetch(thread.dataset.url, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (answer.status !== 200) return;
    tag = answer.headers.get("ETag");
    const html = await answer.text();
    if (html !== thread.innerHTML) { thread.innerHTML = html; down(); }
  }, 1500);
}
document.querySelector(".reply textarea")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
});
