"use strict";
// Where the reader is stands in the address: #quote-7 shows a quote, #source-2 an article, anything else the memo alone.
// So the browser's own Back works, and an address can be sent to someone. Nothing here touches the words of the page.
const root = document.documentElement;
root.classList.add("js");

addEventListener("DOMContentLoaded", () => {
  const byId = (id) => document.getElementById(id);
  const pane = byId("sources");
  const bar = pane.querySelector(".bar");
  const articles = [...pane.querySelectorAll(".source")];
  const steps = [...document.querySelectorAll(".notes a.show")].map((link) => ({ note: link.dataset.of, quote: link.hash.slice(1) }));
  let step = -1; // which of the quotes is shown
  let origin = null; // where in the memo the reader came from
  let stepping = false; // by the buttons, which then keep the focus

  function route() {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    const article = target && target.closest(".source");
    if (article) show(article, target);
    else hide();
  }

  function lay(article) {
    root.classList.add("reading");
    bar.hidden = false;
    for (const each of articles) {
      if (each === article) each.removeAttribute("hidden");
      else each.setAttribute("hidden", "until-found");
    }
  }

  function show(article, target) {
    lay(article);
    light(target);
    origin ||= byId("memo").querySelector("[aria-current]") || byId("memo"); // the reader came by an address
    const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (target === article) pane.scrollTo(0, 0);
    else target.scrollIntoView({ block: target.offsetHeight > pane.clientHeight / 2 ? "start" : "center", behavior: quiet ? "auto" : "smooth" });
    if (!stepping) target.focus({ preventScroll: true });
    stepping = false;
  }

  function hide() {
    if (!root.classList.contains("reading")) return;
    root.classList.remove("reading");
    bar.hidden = true;
    for (const each of articles) each.setAttribute("hidden", "until-found");
    light(null);
    origin.focus({ preventScroll: origin.matches("main") });
  }

  // every piece of the quote, the number in the memo that led to it and the sentence that it vouches for
  function light(target) {
    for (const each of document.querySelectorAll(".lit")) each.classList.remove("lit");
    for (const each of document.querySelectorAll("a.mark[aria-current]")) each.removeAttribute("aria-current");
    const quote = target && target.dataset.quote;
    if (!quote) {
      step = -1;
      byId("where").textContent = target ? "The whole article" : "";
      byId("previous").hidden = byId("next").hidden = true;
      return;
    }
    if (step < 0 || steps[step].quote !== target.id) step = steps.findIndex((each) => each.quote === target.id);
    const note = steps[step].note;
    const mark = byId(`mark-${note}`);
    for (const piece of pane.querySelectorAll(`[data-quote="${quote}"]`)) piece.classList.add("lit");
    mark.closest(".claim").classList.add("lit");
    mark.setAttribute("aria-current", "true");
    const ofNote = steps.filter((each) => each.note === note);
    byId("where").textContent = `Note ${note}` + (ofNote.length > 1 ? `, quote ${ofNote.indexOf(steps[step]) + 1} of ${ofNote.length}` : "");
    byId("previous").hidden = byId("next").hidden = false;
    byId("previous").disabled = step === 0;
    byId("next").disabled = step === steps.length - 1;
  }

  function go(id) {
    const reading = root.classList.contains("reading");
    lay(byId(id).closest(".source")); // first, or the browser would take its way to a hidden quote for a search that found something
    if (location.hash === `#${id}`) route();
    else if (reading) location.replace(`#${id}`); // one Back leads out, however many quotes were looked at
    else location.hash = id;
  }

  function leave(to) {
    origin = to || origin;
    history.replaceState(null, "", `#${origin.id}`);
    hide();
  }

  function move(by) {
    stepping = true;
    step += by;
    origin = byId(`mark-${steps[step].note}`);
    origin.scrollIntoView({ block: "nearest" });
    go(steps[step].quote);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.matches(".mark, .show, #shelf a")) {
      event.preventDefault();
      origin = link;
      const note = link.dataset.mark || link.dataset.of;
      const quote = link.dataset.first || link.hash.slice(1);
      step = steps.findIndex((each) => each.note === note && each.quote === quote);
      go(quote);
    } else if (link.matches(".back")) {
      event.preventDefault();
      leave(byId(link.hash.slice(1)));
    } else {
      origin = byId(link.hash.slice(1)) || origin; // the reader goes elsewhere, and is not to be fetched back
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.classList.contains("reading")) leave();
  });
  for (const article of articles) article.addEventListener("beforematch", () => show(article, article)); // the browser's own search found something in it
  byId("leave").addEventListener("click", () => leave());
  byId("previous").addEventListener("click", () => move(-1));
  byId("next").addEventListener("click", () => move(1));
  addEventListener("hashchange", route);
  for (const each of articles) each.setAttribute("hidden", "until-found");
  route();
});
