"use strict";
(() => {
  const steps = [...document.querySelectorAll("section")];
  let at = -1;
  const look = () => { at = steps.findLastIndex((step) => step.getBoundingClientRect().top < innerHeight / 3); };
  const numbers = () => [...steps[Math.max(0, at)].querySelectorAll("td[title]")].filter((one) => one.getClientRects().length);
  const walk = (to) => {
    at = Math.max(0, Math.min(to, steps.length - 1));
    location.replace("#" + steps[at].id);
    steps[at].querySelector("h2")?.focus({ preventScroll: true });
    for (const link of document.querySelectorAll("nav a")) {
      if (link.hash === "#" + steps[at].id) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
  };
  const point = (by) => {
    const all = numbers();
    const now = all.indexOf(document.activeElement);
    const first = all.findIndex((one) => one.querySelector("mark"));
    all[now < 0 ? Math.max(0, first) : Math.max(0, Math.min(now + by, all.length - 1))]?.focus();
  };
  const keys = {
    ArrowRight: () => walk(at + 1), ArrowLeft: () => walk(at - 1), Home: () => walk(0),
    End: () => walk(steps.length - 1), ".": () => point(1), ",": () => point(-1),
  };
  addEventListener("keydown", (pressed) => {
    if (pressed.altKey || pressed.ctrlKey || pressed.metaKey || pressed.shiftKey || !steps.length) return;
    const does = keys[pressed.key];
    if (does) { pressed.preventDefault(); does(); }
  });
  for (const one of ["wheel", "touchmove"]) addEventListener(one, look, { passive: true });
  addEventListener("focusin", (found) => {
    const now = steps.indexOf(found.target.closest("section"));
    if (now >= 0) at = now;
  });
  for (const step of steps) step.querySelectorAll("td[title]").forEach((one, index) => { one.tabIndex = index ? -1 : 0; });
  for (const told of document.querySelectorAll(".keys")) told.hidden = false;
})();
