// Copies what a button names, and says so on the button.
for (const button of document.querySelectorAll("[data-copies]")) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = document.body.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 1500);
  });
}
