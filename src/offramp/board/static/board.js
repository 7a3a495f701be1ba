"use strict";
// Follows a running forecast, swaps the parts of a page that have changed, and nothing more:
// every page works without it.
(() => {
  document.documentElement.classList.add("scripted");
  const announce = document.getElementById("announce");
  let source = null, ahead = null, fetching = null, timer = null;

  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
  const live = (root) => [...root.querySelectorAll("[data-live][id]")];

  // Where the focus is, so that it stays there when the part around it is swapped.
  function place(element) {
    const part = element?.closest("[data-live][id]");
    return part && { element, part: part.id, at: [...part.querySelectorAll(FOCUSABLE)].indexOf(element) };
  }

  function refocus({ element, part, at }) {
    const all = [...(document.getElementById(part)?.querySelectorAll(FOCUSABLE) ?? [])];
    const same = all.find((one) => one.tagName === element.tagName && one.textContent === element.textContent);
    (same ?? all[at])?.focus({ preventScroll: true });
  }

  function swap(text) {
    const next = new DOMParser().parseFromString(text, "text/html");
    const open = new Set([...document.querySelectorAll("details[open] > summary")].map((one) => one.textContent));
    const focused = place(document.activeElement);
    for (const old of live(document)) {
      const made = next.getElementById(old.id);
      if (!made || made.isEqualNode(old)) continue;
      for (const summary of made.querySelectorAll("details > summary"))
        if (open.has(summary.textContent)) summary.parentElement.open = true;
      old.replaceWith(document.adoptNode(made));
    }
    document.title = next.title;
    const carried = [...next.querySelectorAll("form.asof input[type=hidden]")];
    for (const input of carried) {
      const mine = document.querySelector(`form.asof input[type=hidden][name="${input.name}"]`);
      if (mine) mine.value = input.value;
    }
    if (focused && !document.contains(focused.element)) refocus(focused);
    prepare();
    follow();
    const done = document.querySelector("#status:not([data-follow])");
    announce.textContent = done ? done.textContent.trim() : "Computing";
  }

  async function refresh(to = location.href) {
    fetching?.abort();
    fetching = new AbortController();
    try {
      const answer = await fetch(to, { signal: fetching.signal, headers: { Accept: "text/html" } });
      const text = await answer.text();
      if (answer.ok && answer.url !== location.href) history.pushState(null, "", answer.url);
      swap(text);
      if (!answer.ok) location.reload();
    } catch (error) {
      if (error.name !== "AbortError") say("The board does not answer; is it still running?");
    }
  }

  function say(text) {
    const step = document.querySelector("[data-step]");
    if (step) step.textContent = text;
  }

  function follow() {
    const status = document.querySelector("[data-follow]");
    const wanted = status && new URL(status.dataset.follow, location.href).href;
    // From an answer to a finer one the run goes on: to leave it would be to call it off.
    if (source && source.url === wanted && source.readyState !== EventSource.CLOSED) return;
    source?.close();
    source = null;
    if (!status) return lookAhead();
    source = new EventSource(status.dataset.follow);
    // Only now: what was being answered ahead may be the very thing that is wanted.
    source.onopen = () => ahead?.close();
    source.addEventListener("progress", (event) => {
      const { step, done, total } = JSON.parse(event.data);
      const bar = document.querySelector("[data-progress]");
      if (bar) { bar.max = total; bar.value = done; }
      say(`${step.charAt(0).toUpperCase()}${step.slice(1)}${total > 1 ? `: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}` : ""}`);
    });
    source.addEventListener("answer", () => refresh());
    source.addEventListener("done", () => { source.close(); refresh(); });
    source.onerror = () => say("The board does not answer; is it still running? Trying again");
    source.addEventListener("failed", (event) => { source.close(); say(JSON.parse(event.data).message); });
  }

  // While the page is whole and seen, the board answers what one move would ask.
  function lookAhead() {
    ahead?.close();
    ahead = null;
    const status = document.querySelector("[data-ahead]");
    const told = document.querySelector("[data-told]");
    if (!status || document.hidden) return;
    const stream = ahead = new EventSource(status.dataset.ahead);
    stream.addEventListener("progress", (event) => {
      const { done, total } = JSON.parse(event.data);
      told.textContent = `${done} of ${total} next choices answered ahead.`;
    });
    for (const kind of ["done", "failed"]) stream.addEventListener(kind, () => stream.close());
  }

  function prepare() {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      button.textContent = "Copied";
    } catch { button.textContent = "Not allowed"; }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });

  // Levers: a press or a drag changes the page in place; where it goes is the form's own address.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("#choose")) return;
    event.preventDefault();
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form, event.submitter));
    refresh(url);
  });
  document.addEventListener("input", (event) => {
    const output = event.target.closest("form.slider")?.querySelector("output");
    if (output) output.textContent = `×\u00a0${event.target.value}`;
  });
  document.addEventListener("change", (event) => event.target.closest("form.slider")?.requestSubmit());
  addEventListener("popstate", () => refresh());
  document.addEventListener("visibilitychange", () => lookAhead());

  const slider = document.querySelector("form.asof input[type=range]");
  if (slider) {
    const form = slider.form;
    const first = Date.parse(`${form.dataset.first}T00:00:00Z`);
    const day = () => new Date(first + 864e5 * Number(slider.value));
    const told = (when) => when.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    slider.addEventListener("input", () => {
      const text = told(day());
      form.querySelector("[data-day]").textContent = text;
      slider.setAttribute("aria-valuetext", text);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const url = new URL(location.href);
        url.searchParams.delete("wait");
        url.searchParams.set("as_of", day().toISOString().slice(0, 10));
        history.replaceState(null, "", url);
        const exact = document.querySelector("form.exact input[type=date]");
        if (exact) exact.value = url.searchParams.get("as_of");
        refresh();
      }, 180);
    });
  }
  prepare();
  follow();
})();
