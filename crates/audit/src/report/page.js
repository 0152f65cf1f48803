(() => {
  const form = document.querySelector(".filter");
  if (!form) return;
  document.documentElement.classList.add("scripted");
  const rows = [...document.querySelectorAll("#stopped tbody tr")];
  const words = form.querySelector("input[type=search]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const show = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const fits = verdicts.has(row.dataset.verdict) && wanted.every((word) => text.includes(word));
      row.hidden = !fits;
      count += fits;
    }
    form.querySelector("output").textContent = `${count} of ${rows.length}`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
