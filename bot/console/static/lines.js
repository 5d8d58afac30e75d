// A text's lines are numbered, as faults name them; who presses a fault is taken to its line.
export function start() {
  const text = document.querySelector("textarea[data-lines]");
  if (!text) return;
  const numbers = document.createElement("pre");
  numbers.setAttribute("aria-hidden", "true");
  text.wrap = "off"; // one row a line
  text.before(numbers);
  let shown = 0;
  const count = () => {
    const lines = text.value.split("\n").length;
    if (lines !== shown) numbers.textContent = Array.from({ length: lines }, (_, at) => at + 1).join("\n");
    shown = lines;
    follow();
  };
  const follow = () => { numbers.scrollTop = text.scrollTop; };
  text.addEventListener("input", count);
  text.addEventListener("scroll", follow);
  count();
  document.addEventListener("click", (event) => {
    const fault = event.target.closest?.("[data-line]");
    if (!fault) return;
    event.preventDefault();
    select(text, Number(fault.dataset.line));
  });
}

function select(text, line) {
  const lines = text.value.split("\n"), before = lines.slice(0, line - 1).join("\n").length, start = before + (line > 1);
  text.scrollIntoView({ block: "center" });
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  text.scrollTop = (line - 4) * parseFloat(getComputedStyle(text).lineHeight);
  text.scrollLeft = 0;
}
