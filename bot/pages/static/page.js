// The page works without this: it adds copying with one tap, and the bank of a CLABE while it is typed.
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
