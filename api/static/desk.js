// The one script: it copies texts, suggests in search, and says that a long page is on its way.
// Everything works without it.
"use strict";

const done = document.getElementById("done");
if (done) done.focus();

// Copying: the button is there only where it can work.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    const said = button.parentElement.querySelector("[role=status]");
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      // not allowed here: select it, so that one key copies it
      getSelection().selectAllChildren(text);
      document.execCommand("copy");
    }
    said.textContent = button.dataset.copied;
  });
}

// A page that takes longer than a second is on its way.
const waiting = document.getElementById("waiting");
if (waiting) {
  const after = (address) => {
    if (new URL(address, location).pathname === waiting.dataset.page)
      setTimeout(() => { waiting.textContent = waiting.dataset.text; }, 1000);
  };
  document.addEventListener("submit", (event) => after(event.target.action));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && !link.getAttribute("href").startsWith("#") && !event.ctrlKey && !event.metaKey) after(link.href);
  });
  addEventListener("pagehide", () => { waiting.textContent = ""; });
}

// Suggestions in search: an ARIA combobox over a list. Without the script the field is a plain form.
const field = document.querySelector("[data-suggest]");
if (field) {
  const list = document.createElement("ul");
  const told = document.createElement("span");
  let asked = 0, waiting = 0;
  Object.assign(list, {id: "hints", className: "hints", hidden: true});
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent);
  told.className = "vh";
  told.setAttribute("role", "status");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "hints");
  field.setAttribute("aria-expanded", "false");
  field.form.append(list, told);

  const options = () => [...list.children];
  const chosen = () => list.querySelector("[aria-selected=true]");
  const choose = (option) => {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    choose(null);
  };
  const show = (found) => {
    list.replaceChildren(...found.map((one, place) => {
      const option = document.createElement("li");
      const small = document.createElement("small");
      option.id = `hint-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.url = one.url;
      small.textContent = [one.kind, one.place].filter(Boolean).join(" · ");
      option.append(one.name, small);
      return option;
    }));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
    choose(null);
    told.textContent = field.dataset[found.length === 1 ? "one" : found.length ? "many" : "none"].replace("{n}", found.length);
  };
  const suggest = async () => {
    const text = field.value.trim(), mine = ++asked;
    if (text.length < 2) return close();
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(text)}`);
      const found = answer.ok ? await answer.json() : [];
      if (mine === asked) show(found);
    } catch { close(); }
  };
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(suggest, 120); });
  field.addEventListener("keydown", (event) => {
    const all = options(), at = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      location.assign(all[at].dataset.url);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) location.assign(option.dataset.url);
  });
  field.addEventListener("blur", close);
}
