// Elements without markup in strings: children are nodes or text, so nothing that a person wrote is ever parsed.

/** An element; `attributes` may hold `on…` functions, `class`, and properties of the element such as `disabled`. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  send: "M3 11.5 21 3l-6.5 18-3.2-7.3z",
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h10",
  dots: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 21 21",
  voice: "M5 10v4M9 7v10M13 4v16M17 8v8M21 11v2",
  out: "M9 5H5v14h14v-4M13 5h6v6M19 5l-9 9",
  share: "M4 12v8h16v-8M12 15V4M8 8l4-4 4 4",
  copy: "M9 9h10v11H9zM5 15V4h10",
};

/** A small drawing that says nothing to screen readers. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

let open = null;

function shut() {
  if (!open) return;
  open.list.hidden = true;
  open.button.setAttribute("aria-expanded", "false");
  open = null;
}

document.addEventListener("click", (event) => {
  if (open && !open.list.contains(event.target) && !open.button.contains(event.target)) shut();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !open) return;
  open.button.focus();
  shut();
});

/** A button that opens a list of actions. `items()` returns [{label, hint?, run}] each time it is opened. */
export function menu(name, label, items) {
  const list = make("div", { class: "menu-list", hidden: true });
  const button = make("button", {
    class: "round", type: "button", title: label, "aria-label": label, "aria-expanded": "false", onclick: toggle,
  }, icon(name));

  function toggle() {
    const mine = open && open.list === list;
    shut();
    const entries = mine ? [] : items().map(entry);
    if (!entries.length) return;
    list.replaceChildren(...entries);
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    open = { button, list };
    list.querySelector("button")?.focus();
  }

  function entry({ label: text, hint, run }) {
    const lines = [make("span", { class: "menu-label" }, text), hint && make("span", { class: "menu-hint" }, hint)];
    return make("button", { type: "button", onclick: () => { shut(); run(); } }, lines);
  }

  return make("div", { class: "menu" }, button, list);
}
